import { createContext, type ReactNode, useContext, useMemo, useState } from "react";
import { useNow } from "@/lib/hooks";
import { readSetting, writeSetting } from "@/lib/storage";

/** Moments as words in the zone the reader chose. The zone is always printed somewhere near. */

/** "UTC", "local", or a name of the IANA list. */
export type Zone = string;
type Moment = string | number | Date;

export const LOCAL = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Does this browser know the zone? */
export function isZone(zone: string): boolean {
  try {
    return zone === "local" || Boolean(new Intl.DateTimeFormat("en", { timeZone: zone }));
  } catch {
    return false;
  }
}

const shape = (zone: Zone, options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat("en-GB", {
    ...options,
    hourCycle: "h23",
    timeZone: zone === "local" ? LOCAL : zone,
  });

function formats(zone: Zone) {
  const clock = shape(zone, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
  const brief = shape(zone, { hour: "2-digit", minute: "2-digit" });
  const fine = shape(zone, {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    fractionalSecondDigits: 3,
  });
  const day = shape(zone, { day: "numeric", month: "short" });
  const month = shape(zone, { month: "short", year: "numeric" });
  const year = shape(zone, { year: "numeric" });
  const named = shape(zone, { timeZoneName: "shortOffset", hour: "numeric" });
  const at = (moment: Moment) => new Date(moment);
  // Of that moment: summer time comes and goes.
  const offset = (moment: Moment) =>
    zone === "UTC"
      ? "UTC"
      : (named.formatToParts(at(moment)).find((part) => part.type === "timeZoneName")?.value ??
        zone);
  const date = (moment: Moment) => {
    const sameYear = year.format(at(moment)) === year.format(new Date());
    return sameYear
      ? day.format(at(moment))
      : `${day.format(at(moment))} ${year.format(at(moment))}`;
  };
  return {
    zone,
    /** "UTC" or e.g. "GMT+1". */
    label: offset(Date.now()),
    /** 09:46:30 */
    clock: (moment: Moment) => clock.format(at(moment)),
    /** 09:46 */
    brief: (moment: Moment) => brief.format(at(moment)),
    /** 09:46:30.104 */
    fine: (moment: Moment) => fine.format(at(moment)),
    /** 23 Nov, with the year when it is another one */
    day: date,
    /** Nov 2026 */
    month: (moment: Moment) => month.format(at(moment)),
    /** 23 Nov 09:46 */
    stamp: (moment: Moment) => `${date(moment)} ${brief.format(at(moment))}`,
    /** 23 Nov 09:46:30 UTC */
    full: (moment: Moment) => `${date(moment)} ${clock.format(at(moment))} ${offset(moment)}`,
  };
}

export type Times = ReturnType<typeof formats>;
interface Zoned {
  times: Times;
  setZone: (zone: Zone) => void;
}

const ZoneContext = createContext<Zoned>({ times: formats("UTC"), setZone: () => undefined });

export function ZoneProvider({ children }: { children: ReactNode }) {
  const [zone, setZone] = useState<Zone>(() => {
    const stored = readSetting("zone");
    return stored && isZone(stored) ? stored : "UTC";
  });
  const value = useMemo(
    () => ({
      times: formats(zone),
      setZone: (next: Zone) => {
        writeSetting("zone", next);
        setZone(next);
      },
    }),
    [zone],
  );
  return <ZoneContext value={value}>{children}</ZoneContext>;
}

export const useZone = (): Zoned => useContext(ZoneContext);
export const useTimes = (): Times => useContext(ZoneContext).times;

/** Seconds since a moment, counting by itself. */
export function useAge(moment: Moment | null | undefined, everyMs = 1000): number | null {
  const now = useNow(everyMs);
  return moment == null ? null : Math.max(0, (now - new Date(moment).getTime()) / 1000);
}
