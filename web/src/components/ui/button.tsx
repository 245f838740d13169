import { cva, type VariantProps } from "class-variance-authority";
import { type ComponentProps, cloneElement, isValidElement } from "react";
import { cn } from "@/lib/cn";

export const buttonVariants = cva(
  "inline-flex items-center justify-center whitespace-nowrap rounded-m border font-[550] transition-[background,border-color] duration-100 disabled:bg-none disabled:bg-sunken disabled:text-ink-3 disabled:shadow-none disabled:border-line [&_svg]:size-[15px] [&_svg]:flex-none",
  {
    variants: {
      variant: {
        outline: "border-line-2 bg-surface text-ink shadow-1 hover:bg-hover hover:border-control",
        primary:
          "border-accent-2 text-white bg-linear-to-b from-accent to-[color-mix(in_srgb,var(--accent)_45%,var(--accent-2))] shadow-[0_1px_2px_rgb(127_29_29/0.25),inset_0_1px_0_rgb(255_255_255/0.14)] hover:from-accent-2 hover:to-accent-2",
        ghost: "border-transparent text-ink-2 hover:bg-hover hover:text-ink",
      },
      size: {
        m: "h-8 gap-[7px] px-3 text-md max-s:h-10",
        s: "h-7 gap-[5px] px-[9px] text-[12.5px] max-s:h-8",
        icon: "size-8 max-s:size-10",
        "icon-s": "size-7 max-s:size-8",
      },
    },
    defaultVariants: { variant: "outline", size: "m" },
  },
);

export interface ButtonProps extends ComponentProps<"button">, VariantProps<typeof buttonVariants> {
  /** The child, a link say, looks like a button. */
  asChild?: boolean;
}

export function Button({ className, variant, size, asChild, type, ...rest }: ButtonProps) {
  const classes = cn(buttonVariants({ variant, size }), className);
  if (asChild && isValidElement<ComponentProps<"a">>(rest.children)) {
    return cloneElement(rest.children, { className: cn(classes, rest.children.props.className) });
  }
  return <button data-slot="button" type={type ?? "button"} className={classes} {...rest} />;
}
