import { Notices } from "@/components/Notices";
import { type Overlay, ShellKeys, ShellOverlay } from "@/components/ShellKeys";
import { TipLayer } from "@/components/Tip";

export { Banners } from "@/components/Banners";
export { Services } from "@/components/Services";

/** Parts of the frame that the first sight of a page does without: they come right behind it. */
export function Later({
  shown,
  show,
  onRail,
}: {
  shown: Overlay;
  show: (overlay: Overlay) => void;
  onRail: () => void;
}) {
  return (
    <>
      <ShellKeys show={show} onRail={onRail} />
      <ShellOverlay shown={shown} show={show} />
      <Notices />
      <TipLayer />
    </>
  );
}
