import { useEffect, useRef } from "react";

const MARGIN = 8;

/** One tooltip for everything that carries `data-tip`, on hover and on focus. Escape hides it. */
export function TipLayer() {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const tip = box.current;
    if (!tip) return;
    let owner: Element | null = null;
    const hide = () => {
      owner = null;
      tip.style.opacity = "0";
    };
    const show = (target: EventTarget | null) => {
      const found = target instanceof Element ? target.closest("[data-tip]") : null;
      const text = found?.getAttribute("data-tip");
      if (!found || !text) return hide();
      owner = found;
      tip.textContent = text;
      place(tip, found.getBoundingClientRect());
    };
    const onKey = (event: KeyboardEvent) => event.key === "Escape" && owner && hide();
    const onOver = (event: Event) => show(event.target);
    const onScroll = () => owner && hide();
    document.addEventListener("pointerover", onOver);
    document.addEventListener("focusin", onOver);
    document.addEventListener("focusout", hide);
    document.addEventListener("keydown", onKey);
    document.addEventListener("scroll", onScroll, true);
    return () => {
      document.removeEventListener("pointerover", onOver);
      document.removeEventListener("focusin", onOver);
      document.removeEventListener("focusout", hide);
      document.removeEventListener("keydown", onKey);
      document.removeEventListener("scroll", onScroll, true);
    };
  }, []);
  return (
    <div
      ref={box}
      aria-hidden
      className="pointer-events-none fixed top-0 left-0 z-[80] max-w-80 whitespace-pre-line rounded-m bg-tip px-2.5 py-1.5 text-sm text-tip-ink tabular-nums opacity-0 shadow-3 transition-opacity duration-100"
    />
  );
}

function place(tip: HTMLElement, at: DOMRect): void {
  const { offsetWidth: width, offsetHeight: height } = tip;
  const above = at.top - height - MARGIN;
  const top = above > MARGIN ? above : Math.min(at.bottom + MARGIN, innerHeight - height - MARGIN);
  const left = Math.min(
    Math.max(MARGIN, at.left + at.width / 2 - width / 2),
    innerWidth - width - MARGIN,
  );
  tip.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  tip.style.opacity = "1";
}
