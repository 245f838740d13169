import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Duty, LeaseFacts } from "@/api/generated";
import { Tag } from "@/components/bits";
import { Card, Empty } from "@/components/Panel";
import { Button } from "@/components/ui/button";
import { count, shortId } from "@/lib/format";
import { useTimes } from "@/lib/time";

const SHOWN = 12;
const ORDER: readonly Duty[] = ["stand_by", "index", "run", "clean_up", "other"];

/** Which server process does what, and until when nobody else does. */
export function Servers({ leases }: { leases: readonly LeaseFacts[] }) {
  const [all, setAll] = useState(false);
  const ordered = [...leases].sort(byServer);
  const shown = all ? ordered : ordered.slice(0, SHOWN);
  return (
    <Card
      title="Servers"
      note="One does a thing at a time, and says every few seconds that it goes on; another takes over when it has not by then"
      flush
    >
      {shown.length === 0 ? (
        <Empty title="No server has said yet that it lives">It does within seconds.</Empty>
      ) : (
        <Table leases={shown} />
      )}
      {ordered.length > SHOWN && (
        <div className="border-line border-t px-3 py-2">
          <Button size="s" variant="ghost" onClick={() => setAll(!all)}>
            {all ? "Show fewer" : `Show all ${count(ordered.length)}`}
          </Button>
        </div>
      )}
    </Card>
  );
}

const place = (lease: LeaseFacts) => `${lease.is_this ? 0 : 1} ${lease.host} ${lease.pid}`;

const byServer = (a: LeaseFacts, b: LeaseFacts) =>
  place(a).localeCompare(place(b)) || ORDER.indexOf(a.duty) - ORDER.indexOf(b.duty);

function Table({ leases }: { leases: readonly LeaseFacts[] }) {
  const times = useTimes();
  return (
    <div className="overflow-x-auto">
      <table className="tbl dense" aria-label="Servers">
        <thead>
          <tr>
            <th scope="col" className="pl-4!">
              Server
            </th>
            <th scope="col">Does</th>
            <th scope="col" className="n">
              Until
            </th>
          </tr>
        </thead>
        <tbody>
          {leases.map((lease) => (
            <tr key={`${place(lease)} ${lease.duty} ${lease.name}`}>
              <td className="pl-4! max-s:wrap-anywhere max-s:min-w-32 max-s:whitespace-normal max-s:py-1">
                {lease.host}, process {lease.pid} {lease.is_this && <Tag>this one</Tag>}
              </td>
              <td className="max-s:wrap-anywhere max-s:whitespace-normal">
                <What duty={lease.duty} name={lease.name ?? ""} />
              </td>
              <td className="n" data-tip={times.full(lease.until)}>
                {times.clock(lease.until)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function What({ duty, name }: { duty: Duty; name: string }) {
  switch (duty) {
    case "stand_by":
      return "Answers, and takes over from others";
    case "index":
      return (
        <>
          Looks at manifest and tables of{" "}
          <Link to="/sources/$name" params={{ name }} className="link underline">
            {name}
          </Link>
        </>
      );
    case "run":
      return (
        <>
          Starts and follows run{" "}
          <Link to="/runs/$runId" params={{ runId: name }} className="link mono underline">
            {shortId(name)}
          </Link>
        </>
      );
    case "clean_up":
      return "Sees to old runs";
    case "other":
      return name;
  }
}
