import { useNavigate } from "@tanstack/react-router";
import { Search } from "lucide-react";
import { useRef } from "react";
import { cn } from "@/lib/cn";
import { useShortcut } from "@/lib/shortcuts";

/** Search in the top bar: Enter goes to the tables that match. "/" comes here. */
export function SearchBox({ className }: { className?: string }) {
  const navigate = useNavigate();
  const input = useRef<HTMLInputElement>(null);
  const focus = () => {
    const here = document.querySelector<HTMLInputElement>("main input[type=search]");
    (here ?? input.current)?.focus();
  };
  useShortcut({ keys: "/", group: "Everywhere", does: "Search", act: focus });
  return (
    <search className={cn("min-w-0 flex-[0_1_360px]", className)}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const text = input.current?.value.trim() ?? "";
          void navigate({ to: "/tables", search: text ? { q: text } : {} });
          input.current?.blur();
        }}
        className="flex h-8 items-center gap-2 rounded-m border border-control bg-surface pr-1.5 pl-2.5 text-md focus-within:outline-2 focus-within:outline-ring focus-within:outline-offset-1"
      >
        <Search aria-hidden className="size-4 flex-none text-ink-3" />
        <input
          ref={input}
          type="text"
          aria-label="Search tables"
          placeholder="Search tables"
          autoComplete="off"
          spellCheck={false}
          className="min-w-0 flex-1 bg-transparent outline-none placeholder:text-ink-3"
        />
        <kbd
          aria-hidden
          className="rounded-s border border-line-2 bg-sunken px-1.5 font-medium font-sans text-axis text-ink-2 leading-4"
        >
          /
        </kbd>
      </form>
    </search>
  );
}
