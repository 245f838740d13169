import type { ReactNode } from "react";
import { buttonVariants } from "@/components/ui/button";
import { cn } from "@/lib/cn";

/** A button that is a choice of one. The choosing is the browser's own: right on every device. */
export function ChoiceMenu<T extends string>({
  label,
  value,
  options,
  onChange,
  square,
  children,
}: {
  label: string;
  value: T;
  options: readonly { value: T; label: string }[];
  onChange: (value: T) => void;
  square?: boolean;
  children: ReactNode;
}) {
  return (
    <span
      className={cn(
        buttonVariants({ variant: "ghost", size: square ? "icon" : "m" }),
        !square && "px-2!",
        "relative has-focus-visible:outline-2 has-focus-visible:outline-ring has-focus-visible:outline-offset-2",
      )}
      data-tip={label}
    >
      {children}
      <select
        aria-label={label}
        value={value}
        onChange={(event) => onChange(event.target.value as T)}
        className="absolute inset-0 size-full cursor-pointer appearance-none opacity-0"
      >
        {options.map((option) => (
          <option key={option.value} value={option.value} className="bg-surface text-ink">
            {option.label}
          </option>
        ))}
      </select>
    </span>
  );
}
