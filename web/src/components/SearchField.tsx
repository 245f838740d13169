import { Search } from "lucide-react";
import { cn } from "@/lib/cn";

/** A field that narrows what is below it. */
export function SearchField({
  label,
  placeholder = label,
  value,
  onChange,
  className,
}: {
  label: string;
  placeholder?: string;
  value: string;
  onChange: (text: string) => void;
  className?: string;
}) {
  return (
    <label
      className={cn(
        "flex h-8 items-center gap-2 rounded-m border border-control bg-surface px-2.5 text-md focus-within:outline-2 focus-within:outline-ring focus-within:outline-offset-1 max-s:h-10",
        className,
      )}
    >
      <Search aria-hidden className="size-4 flex-none text-ink-3" />
      <input
        type="search"
        aria-label={label}
        placeholder={placeholder}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className="min-w-0 flex-1 bg-transparent outline-none placeholder:text-ink-3"
      />
    </label>
  );
}
