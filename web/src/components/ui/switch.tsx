import { Switch as Primitive } from "radix-ui";

export function Switch({
  id,
  checked,
  onChange,
  describedBy,
}: {
  id: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
  describedBy?: string;
}) {
  return (
    <Primitive.Root
      id={id}
      checked={checked}
      onCheckedChange={onChange}
      aria-describedby={describedBy}
      className="relative h-[18px] w-8 flex-none rounded-full bg-control transition-colors before:absolute before:-inset-y-1 before:inset-x-0 data-[state=checked]:bg-[#2563eb]"
    >
      <Primitive.Thumb className="block size-3.5 translate-x-0.5 rounded-full bg-white shadow-1 transition-transform data-[state=checked]:translate-x-4" />
    </Primitive.Root>
  );
}
