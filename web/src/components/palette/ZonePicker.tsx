import { Command } from "cmdk";
import { useState } from "react";
import { BareDialog } from "@/components/ui/dialog";
import { isZone, LOCAL, useZone } from "@/lib/time";

const MOST = 60;

/** Any zone of the world, by city or by its difference from UTC. */
export function ZonePicker({ onClose }: { onClose: () => void }) {
  const { times, setZone } = useZone();
  const [all] = useState(zones);
  const [text, setText] = useState("");
  const wanted = text.trim().toLowerCase().replaceAll(" ", "_");
  const found = all.filter(({ name, offset }) =>
    `${name} ${offset}`.toLowerCase().includes(wanted),
  );
  const choose = (zone: string) => {
    setZone(zone);
    onClose();
  };
  return (
    <BareDialog onClose={onClose} label="Choose a time zone" className="max-w-[440px]">
      <Command shouldFilter={false} loop label="Choose a time zone">
        <Command.Input
          value={text}
          onValueChange={setText}
          placeholder="City, region or difference, as Berlin or GMT+1"
          className="h-12 w-full border-line border-b bg-transparent px-4 text-base outline-none placeholder:text-ink-3"
        />
        <p role="status" className="sr-only">
          {found.length} zones
        </p>
        <Command.List label="Zones" className="max-h-[50dvh] overflow-y-auto p-2">
          {found.slice(0, MOST).map(({ name, offset, clock }) => (
            <Command.Item
              key={name}
              value={name}
              onSelect={() => choose(name)}
              className="flex min-h-9 cursor-pointer items-center gap-2 rounded-m px-2 text-md data-[selected=true]:bg-hover data-[selected=true]:shadow-[inset_2px_0_0_var(--ring)] max-s:min-h-11"
            >
              <span className="min-w-0 flex-1 truncate">{name.replaceAll("_", " ")}</span>
              {times.zone === name && <span className="text-ink-2 text-sm">now</span>}
              <span className="flex-none text-ink-2 text-sm tabular-nums">
                {clock}, {offset}
              </span>
            </Command.Item>
          ))}
          {found.length === 0 && (
            <p className="px-2 py-3 text-ink-2 text-md">No zone is called “{text}”.</p>
          )}
          {found.length > MOST && (
            <p className="px-2 py-2 text-ink-2 text-sm">
              {found.length - MOST} more; type to narrow.
            </p>
          )}
        </Command.List>
      </Command>
    </BareDialog>
  );
}

/** Every zone with its clock of now, the reader's own first. */
function zones() {
  const names = new Set(["UTC", LOCAL, ...Intl.supportedValuesOf("timeZone")]);
  return [...names].filter(isZone).map((name) => {
    const parts = new Intl.DateTimeFormat("en-GB", {
      timeZone: name,
      hour: "2-digit",
      minute: "2-digit",
      timeZoneName: "shortOffset",
      hourCycle: "h23",
    }).formatToParts(new Date());
    const part = (type: string) => parts.find((each) => each.type === type)?.value ?? "";
    return {
      name,
      offset: part("timeZoneName"),
      clock: `${part("hour")}:${part("minute")}`,
    };
  });
}
