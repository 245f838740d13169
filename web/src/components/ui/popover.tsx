import {
  cloneElement,
  type ReactElement,
  type ReactNode,
  type RefObject,
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { createPortal } from "react-dom";
import { cn } from "@/lib/cn";

const GAP = 6;
const MARGIN = 8;
const REACHED = "input, select, button, a[href]";
const CHOSEN = "[role=menuitemradio][aria-checked=true]";

interface Trigger {
  ref?: RefObject<HTMLButtonElement | null>;
  onClick?: () => void;
  "aria-expanded"?: boolean;
  "aria-haspopup"?: "dialog";
}

/**
 * Something that opens below its button, takes the keyboard and closes with Escape. Written by
 * hand: the library's brings an engine for places we never need, and a third of a page's budget.
 */
export function Popover({
  label,
  trigger,
  align = "end",
  className,
  children,
}: {
  label: string;
  trigger: ReactElement<Trigger>;
  align?: "start" | "end";
  className?: string;
  /** With a function what is inside can close it. */
  children: ReactNode | ((close: () => void) => ReactNode);
}) {
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const close = useCallback(() => {
    setOpen(false);
    button.current?.focus();
  }, []);
  return (
    <>
      {cloneElement(trigger, {
        ref: button,
        onClick: () => setOpen((now) => !now),
        "aria-expanded": isOpen,
        "aria-haspopup": "dialog",
      })}
      {isOpen &&
        createPortal(
          <Content
            label={label}
            align={align}
            className={className}
            button={button}
            onLeave={() => setOpen(false)}
            onEscape={close}
          >
            {typeof children === "function" ? children(close) : children}
          </Content>,
          document.body,
        )}
    </>
  );
}

function Content({
  label,
  align,
  className,
  button,
  onLeave,
  onEscape,
  children,
}: {
  label: string;
  align: "start" | "end";
  className: string | undefined;
  button: RefObject<HTMLButtonElement | null>;
  onLeave: () => void;
  onEscape: () => void;
  children: ReactNode;
}) {
  const box = useRef<HTMLDivElement>(null);
  const leave = useRef(onLeave);
  leave.current = onLeave;
  useLayoutEffect(() => {
    const put = () => box.current && button.current && place(box.current, button.current, align);
    put();
    window.addEventListener("resize", put);
    window.addEventListener("scroll", put, true);
    return () => {
      window.removeEventListener("resize", put);
      window.removeEventListener("scroll", put, true);
    };
  }, [align, button]);
  useEffect(() => {
    if (box.current) enter(box.current);
    const look = ({ target }: Event) => {
      const isHere = [box.current, button.current].some((each) => each?.contains(target as Node));
      if (!isHere) leave.current();
    };
    document.addEventListener("pointerdown", look);
    document.addEventListener("focusin", look);
    return () => {
      document.removeEventListener("pointerdown", look);
      document.removeEventListener("focusin", look);
    };
  }, [button]);
  return (
    <div
      ref={box}
      role="dialog"
      aria-label={label}
      tabIndex={-1}
      data-state="open"
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        onEscape();
      }}
      className={cn(
        "fixed outline-none top-0 left-0 z-[60] w-72 rounded-l border border-line-2 bg-surface shadow-4",
        className,
      )}
    >
      {children}
    </div>
  );
}

/** A menu is entered where one is now. Where nothing can be pressed the box has the keyboard. */
function enter(box: HTMLElement): void {
  const chosen = box.querySelector<HTMLElement>(CHOSEN);
  const first = chosen ?? box.querySelector<HTMLElement>(REACHED) ?? box;
  first.focus({ preventScroll: true });
  chosen?.scrollIntoView({ block: "nearest" });
}

/** Below the button, or above it where there is more room; never beyond the edge. */
function place(box: HTMLElement, button: HTMLElement, align: "start" | "end"): void {
  const at = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = box;
  const below = at.bottom + GAP;
  const fits = below + height + MARGIN <= innerHeight || at.top < innerHeight - at.bottom;
  const top = fits ? Math.min(below, innerHeight - height - MARGIN) : at.top - GAP - height;
  const left = align === "start" ? at.left : at.right - width;
  const x = Math.min(Math.max(MARGIN, left), innerWidth - width - MARGIN);
  box.style.transform = `translate(${Math.round(x)}px, ${Math.round(Math.max(MARGIN, top))}px)`;
}
