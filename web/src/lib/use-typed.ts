import { type AnyRouter, useRouter } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useDebounced } from "@/lib/hooks";

/** A text that is told once typing rests, and follows when it is changed from elsewhere. */
export function useTyped(
  value: string,
  onSettled: (text: string) => void,
): [string, (text: string) => void] {
  const [text, setText] = useState(value);
  const settled = useDebounced(text.trim());
  // Told, and not yet seen to come back: the address may be behind what is typed.
  const told = useRef([value]);
  const latest = useRef(onSettled);
  latest.current = onSettled;
  const router = useRouter({ warn: false });
  useEffect(() => {
    if (settled === told.current.at(-1) || isLeaving(router)) return;
    told.current.push(settled);
    latest.current(settled);
  }, [settled, router]);
  useEffect(() => {
    const place = told.current.indexOf(value);
    if (place < 0) setText(value);
    told.current = place < 0 ? [value] : told.current.slice(place);
  }, [value]);
  return [text, setText];
}

/** The reader goes to another page, which is not there yet: this one's address is no more theirs. */
function isLeaving(router: AnyRouter | undefined): boolean {
  const shown = router?.state.resolvedLocation;
  return shown !== undefined && router?.latestLocation.pathname !== shown.pathname;
}
