import { X } from "lucide-react";
import { Dialog as Primitive } from "radix-ui";
import { type ReactNode, useRef } from "react";
import { Button } from "@/components/ui/button";
import { cn } from "@/lib/cn";

interface DialogProps {
  open: boolean;
  onClose: () => void;
  title: string;
  description: ReactNode;
  footer: ReactNode;
  children?: ReactNode;
  className?: string;
  /** Where the cursor stands at first; the first field otherwise. */
  onOpenAutoFocus?: (event: Event) => void;
}

/** A dialog in the middle; a sheet from below on a phone. */
export function Dialog(props: DialogProps) {
  const { open, onClose, title, description, footer, children, className, onOpenAutoFocus } = props;
  // There is no trigger of Radix's own: who had the focus before gets it back.
  const before = useRef<Element | null>(null);
  return (
    <Primitive.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-40 bg-scrim backdrop-blur-[2px]" />
        <div className="pointer-events-none fixed inset-0 z-40 grid place-items-center p-6 max-s:place-items-end max-s:p-0">
          <Primitive.Content
            onOpenAutoFocus={(event) => {
              before.current = document.activeElement;
              onOpenAutoFocus?.(event);
            }}
            onCloseAutoFocus={(event) => {
              event.preventDefault();
              if (before.current instanceof HTMLElement) before.current.focus();
            }}
            className={cn(
              "pointer-events-auto flex max-h-[calc(100dvh-48px)] w-full animate-rise flex-col overflow-hidden rounded-xl border border-line bg-surface shadow-4 focus:outline-none max-s:max-h-[94dvh] max-s:rounded-b-none",
              className,
            )}
          >
            <header className="flex items-start gap-3 px-6 pt-[18px] pb-3.5 max-s:p-4">
              <div className="min-w-0 flex-1">
                <Primitive.Title className="text-fact font-[620] tracking-[-.012em]">
                  {title}
                </Primitive.Title>
                <Primitive.Description className="text-md text-ink-2">
                  {description}
                </Primitive.Description>
              </div>
              <Primitive.Close asChild>
                <Button variant="ghost" size="icon" aria-label="Close" className="-mr-2">
                  <X aria-hidden />
                </Button>
              </Primitive.Close>
            </header>
            {children && (
              <div className="min-h-0 overflow-y-auto border-line border-t">{children}</div>
            )}
            <footer className="flex flex-wrap items-center gap-2 border-line border-t bg-sunken px-6 py-3.5 max-s:px-4">
              {footer}
            </footer>
          </Primitive.Content>
        </div>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

/** The rail as a drawer, for small screens. */
export function Drawer({
  open,
  onClose,
  label,
  children,
}: {
  open: boolean;
  onClose: () => void;
  label: string;
  children: ReactNode;
}) {
  return (
    <Primitive.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-40 bg-scrim" />
        <Primitive.Content
          aria-describedby={undefined}
          className="fixed inset-y-0 left-0 z-50 flex w-[264px] flex-col border-line border-r bg-surface p-3 shadow-4 focus:outline-none"
        >
          <Primitive.Title className="sr-only">{label}</Primitive.Title>
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

/** A dialog without head and foot, near the top: for what is typed into and left again. */
export function BareDialog({
  onClose,
  label,
  children,
  className,
}: {
  onClose: () => void;
  label: string;
  children: ReactNode;
  className?: string;
}) {
  const before = useRef<Element | null>(null);
  return (
    <Primitive.Root open onOpenChange={(next) => !next && onClose()}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-40 bg-scrim backdrop-blur-[2px]" />
        <Primitive.Content
          aria-describedby={undefined}
          onOpenAutoFocus={() => {
            before.current = document.activeElement;
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (before.current instanceof HTMLElement) before.current.focus();
          }}
          className={cn(
            "fixed inset-x-4 top-[12vh] z-50 mx-auto flex max-h-[76dvh] animate-rise flex-col overflow-hidden rounded-xl border border-line bg-surface shadow-4 focus:outline-none max-s:inset-x-2 max-s:top-2 max-s:max-h-[calc(100dvh-16px)]",
            className,
          )}
        >
          <Primitive.Title className="sr-only">{label}</Primitive.Title>
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
