import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { PLACES, type Place } from "@/components/places";
import { useShortcut } from "@/lib/shortcuts";
import { useStartRun } from "@/lib/start-run";

const ShortcutSheet = lazy(() =>
  import("@/components/ShortcutSheet").then((module) => ({ default: module.ShortcutSheet })),
);

const group = "Everywhere";

/** The keys of the shell, and what they open. */
export function ShellKeys() {
  const [sheet, setSheet] = useState(false);
  const { open } = useStartRun();
  useShortcut({ keys: "?", group, does: "Keyboard shortcuts", act: () => setSheet(true) });
  useShortcut({ keys: "n", group, does: "Run now", act: () => open() });
  return (
    <>
      {PLACES.map((place) => (
        <PlaceKey key={place.to} place={place} />
      ))}
      {sheet && (
        <Suspense>
          <ShortcutSheet onClose={() => setSheet(false)} />
        </Suspense>
      )}
    </>
  );
}

function PlaceKey({ place: { to, label, key } }: { place: Place }) {
  const navigate = useNavigate();
  const act = () => void navigate({ to });
  useShortcut({ keys: `g ${key}`, group: "Go to", does: label, act });
  return null;
}
