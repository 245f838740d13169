import { Tabs as Primitive } from "radix-ui";
import { type ReactNode, useEffect, useRef } from "react";

export interface Tab {
  value: string;
  label: string;
  count?: string | undefined;
  content: ReactNode;
}

/** Tabs under a heading; the chosen one belongs to the caller, who keeps it in the URL. */
export function Tabs({
  value,
  onChange,
  label,
  tabs,
}: {
  value: string;
  onChange: (value: string) => void;
  label: string;
  tabs: readonly Tab[];
}) {
  const list = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another tab is the active one now
  useEffect(() => {
    const active = list.current?.querySelector("[data-state=active]");
    active?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [value]);
  return (
    <Primitive.Root value={value} onValueChange={onChange}>
      <Primitive.List
        ref={list}
        aria-label={label}
        className="mb-5 flex gap-1 overflow-x-auto border-line border-b [scrollbar-width:none]"
      >
        {tabs.map((tab) => (
          <Primitive.Trigger
            key={tab.value}
            value={tab.value}
            className="relative inline-flex h-10 flex-none items-center gap-1.5 px-2.5 font-[550] text-[13.5px] text-ink-2 after:absolute after:inset-x-2.5 after:-bottom-px after:h-0.5 after:rounded-t-[2px] hover:text-ink focus-visible:-outline-offset-3 data-[state=active]:text-ink data-[state=active]:after:bg-accent"
          >
            {tab.label}
            {tab.count !== undefined && (
              <span className="rounded-full bg-mute-bg px-1.5 font-medium text-ink-2 text-sm tabular-nums">
                {tab.count}
              </span>
            )}
          </Primitive.Trigger>
        ))}
      </Primitive.List>
      {tabs.map((tab) => (
        <Primitive.Content key={tab.value} value={tab.value} className="focus-visible:outline-none">
          {tab.content}
        </Primitive.Content>
      ))}
    </Primitive.Root>
  );
}
