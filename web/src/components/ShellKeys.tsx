import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useEffect } from "react";
import { PLACES, type Place } from "@/components/places";
import { narrowed, useChosen } from "@/lib/chosen";
import { useShortcut } from "@/lib/shortcuts";
import { useStartRun } from "@/lib/start-run";

const ShortcutSheet = lazy(() =>
  import("@/components/ShortcutSheet").then((module) => ({ default: module.ShortcutSheet })),
);
const Palette = lazy(() =>
  import("@/components/palette/Palette").then((module) => ({ default: module.Palette })),
);
const ZonePicker = lazy(() =>
  import("@/components/palette/ZonePicker").then((module) => ({ default: module.ZonePicker })),
);

/** The parts that open over any page; brought before they are asked for. */
const OVERLAYS = [
  () => import("@/components/ShortcutSheet"),
  () => import("@/components/palette/Palette"),
  () => import("@/components/palette/ZonePicker"),
];

export type Overlay = "palette" | "keys" | "zone" | "menu" | null;

/** What is open over the page. */
export function ShellOverlay({
  shown,
  show,
}: {
  shown: Overlay;
  show: (overlay: Overlay) => void;
}) {
  const close = () => show(null);
  useEffect(() => {
    const timer = setTimeout(() => {
      for (const part of OVERLAYS) part().catch(() => undefined);
    }, 1500);
    return () => clearTimeout(timer);
  }, []);
  return (
    <Suspense>
      {shown === "keys" && <ShortcutSheet onClose={close} />}
      {shown === "zone" && <ZonePicker onClose={close} />}
      {shown === "palette" && (
        <Palette onClose={close} onKeys={() => show("keys")} onZone={() => show("zone")} />
      )}
    </Suspense>
  );
}

const group = "Everywhere";

/** The keys of the shell. */
export function ShellKeys({
  show,
  onRail,
}: {
  show: (overlay: Overlay) => void;
  onRail: () => void;
}) {
  const { open } = useStartRun();
  const search = () => {
    const field = document.querySelector<HTMLInputElement>("main input[type=search]");
    if (field) field.focus();
    else show("palette");
  };
  const palette = () => show("palette");
  useShortcut({ keys: "mod+k", group, does: "Search everything", act: palette });
  useShortcut({ keys: "/", group, does: "Search this page", act: search });
  useShortcut({ keys: "?", group, does: "Keyboard shortcuts", act: () => show("keys") });
  useShortcut({ keys: "n", group, does: "Run now", act: () => open() });
  useShortcut({ keys: "[", group, does: "Fold the navigation", act: onRail });
  return PLACES.map((place) => <PlaceKey key={place.to} place={place} />);
}

function PlaceKey({ place: { to, label, key } }: { place: Place }) {
  const navigate = useNavigate();
  const chosen = useChosen();
  const act = () => void navigate({ to, search: narrowed(to, chosen) });
  useShortcut({ keys: `g ${key}`, group: "Go to", does: label, act });
  return null;
}
