import { useEffect, useRef, useState } from "react";
import { useDebounced } from "@/lib/hooks";

/** A text that is told once typing rests, and follows when it is changed from elsewhere. */
export function useTyped(
  value: string,
  onSettled: (text: string) => void,
): [string, (text: string) => void] {
  const [text, setText] = useState(value);
  const settled = useDebounced(text.trim());
  const told = useRef(value);
  const latest = useRef(onSettled);
  latest.current = onSettled;
  useEffect(() => {
    if (settled === told.current) return;
    told.current = settled;
    latest.current(settled);
  }, [settled]);
  useEffect(() => {
    if (value === told.current) return;
    told.current = value;
    setText(value);
  }, [value]);
  return [text, setText];
}
