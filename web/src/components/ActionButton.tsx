import type { Role } from "@/api/generated";
import { useForbidden } from "@/api/me";
import { Button, type ButtonProps } from "@/components/ui/button";
import { cn } from "@/lib/cn";

/** A button for those who may. Others can reach it too, and read there who may grant it. */
export function ActionButton({ needs = "operator", ...rest }: ButtonProps & { needs?: Role }) {
  const why = useForbidden(needs);
  if (why === null) return <Button {...rest} />;
  const { onClick: _, disabled: __, className, ...shown } = rest;
  return (
    <Button
      {...shown}
      variant="outline"
      aria-disabled
      data-tip={why}
      className={cn(className, "cursor-not-allowed bg-sunken text-ink-2 shadow-none")}
    >
      {shown.children}
      <span className="sr-only">. {why}</span>
    </Button>
  );
}

/** The same inside a sentence. */
export function ActionLink({
  onClick,
  disabled,
  children,
}: Pick<ButtonProps, "onClick" | "disabled" | "children">) {
  const why = useForbidden("operator");
  return (
    <button
      type="button"
      disabled={disabled}
      aria-disabled={why !== null || undefined}
      data-tip={why ?? undefined}
      onClick={why === null ? onClick : undefined}
      className={cn(
        "underline decoration-1",
        why === null ? "link" : "cursor-not-allowed text-ink-2",
      )}
    >
      {children}
      {why !== null && <span className="sr-only">. {why}</span>}
    </button>
  );
}
