import { Check } from "lucide-react";
import { DropdownMenu as Primitive } from "radix-ui";
import type { ReactNode } from "react";

const CONTENT =
  "z-50 min-w-44 animate-rise rounded-l border border-line bg-surface p-1 shadow-4 text-md";
const ITEM =
  "flex h-8 cursor-default select-none items-center gap-2 rounded-m px-2 text-ink-2 outline-none data-highlighted:bg-hover data-highlighted:text-ink [&_svg]:size-[15px]";

/** A button that opens a choice of one. */
export function ChoiceMenu<T extends string>({
  trigger,
  label,
  value,
  options,
  onChange,
}: {
  trigger: ReactNode;
  label: string;
  value: T;
  options: readonly { value: T; label: ReactNode }[];
  onChange: (value: T) => void;
}) {
  return (
    <Primitive.Root modal={false}>
      <Primitive.Trigger asChild>{trigger}</Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content align="end" sideOffset={6} className={CONTENT} aria-label={label}>
          <Primitive.RadioGroup value={value} onValueChange={(next) => onChange(next as T)}>
            {options.map((option) => (
              <Primitive.RadioItem key={option.value} value={option.value} className={ITEM}>
                <span className="flex flex-1 items-center gap-2">{option.label}</span>
                <Primitive.ItemIndicator>
                  <Check aria-hidden />
                </Primitive.ItemIndicator>
              </Primitive.RadioItem>
            ))}
          </Primitive.RadioGroup>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
