import { caps } from "@/lib/shortcuts";

/** The caps of a shortcut's keys. */
export function Keys({ keys }: { keys: string }) {
  return (
    <span className="inline-flex items-center gap-1">
      {caps(keys).map((cap, place) => (
        <kbd
          // biome-ignore lint/suspicious/noArrayIndexKey: "g g" is two of the same, in order
          key={place}
          className="rounded-s border border-line-2 bg-sunken px-1.5 font-medium font-sans text-axis text-ink-2 leading-4"
        >
          {cap}
        </kbd>
      ))}
    </span>
  );
}
