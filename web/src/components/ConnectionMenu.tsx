import { Link, useNavigate, useRouterState } from "@tanstack/react-router";
import { Check, ChevronDown, Database } from "lucide-react";
import type { KeyboardEvent, ReactNode } from "react";
import type { ConnectionStatus, Dashboard } from "@/api/generated";
import { checkWord } from "@/components/Services";
import { StatusIcon } from "@/components/StatusIcon";
import { Popover } from "@/components/ui/popover";
import { isNarrowed, useChosen } from "@/lib/chosen";
import { plural } from "@/lib/format";

const BUTTON =
  "flex h-9 min-w-0 max-w-64 items-center gap-2 rounded-m px-2 font-[550] text-ink-2 text-md hover:bg-hover hover:text-ink m:-ml-2 max-s:h-10 max-s:max-w-40";

/** Which connection Overview, Tables and Runs are about. */
export function ConnectionMenu({ dashboard }: { dashboard: Dashboard | undefined }) {
  const chosen = useChosen();
  const all = dashboard?.connections ?? [];
  const one = all.length === 1 && !chosen ? all[0] : undefined;
  if (!dashboard) return <span className={BUTTON}>Connection</span>;
  if (one) {
    return (
      <Link
        to="/sources/$name"
        params={{ name: one.name }}
        data-tip={about(one)}
        className={BUTTON}
      >
        <State of={[one]} /> <span className="truncate">{one.name}</span>
      </Link>
    );
  }
  if (all.length === 0 && !chosen) {
    return (
      <Link to="/sources" className={BUTTON}>
        <State of={[]} /> <span className="truncate">No connection</span>
      </Link>
    );
  }
  return <Menu all={all} chosen={chosen} />;
}

function Menu({ all, chosen }: { all: readonly ConnectionStatus[]; chosen: string | undefined }) {
  const choose = useChoose();
  const known = all.find((each) => each.name === chosen);
  const shown = chosen ?? "All connections";
  return (
    <Popover
      label="Connections"
      align="start"
      className="w-80 max-w-[calc(100vw-16px)]"
      trigger={
        <button type="button" aria-label={`Connection: ${shown}`} className={BUTTON}>
          <State of={chosen ? [known] : all} />
          <span className="truncate">{shown}</span>
          <ChevronDown aria-hidden className="size-3.5 flex-none" />
        </button>
      }
    >
      {(close) => {
        const pick = (name: string | undefined) => {
          close();
          choose(name);
        };
        return (
          <>
            <div
              role="menu"
              aria-label="Connection"
              tabIndex={-1}
              onKeyDown={walk}
              className="max-h-[60dvh] overflow-y-auto p-1.5"
            >
              <Item isChosen={!chosen} onPick={() => pick(undefined)} state={<State of={all} />}>
                All connections
                <Note>{plural(all.length, "connection")}</Note>
              </Item>
              {all.map((each) => (
                <Item
                  key={each.name}
                  isChosen={each.name === chosen}
                  onPick={() => pick(each.name)}
                  state={<State of={[each]} />}
                >
                  {each.name}
                  <Note>
                    {stateWords(each)}: {each.source} to {each.target}
                  </Note>
                </Item>
              ))}
            </div>
            <Link
              to="/sources"
              onClick={close}
              className="flex min-h-10 items-center gap-2.5 border-line border-t px-4 text-ink-2 text-md hover:bg-hover hover:text-ink"
            >
              <Database aria-hidden className="size-4" /> Sources
            </Link>
          </>
        );
      }}
    </Popover>
  );
}

function Item({
  isChosen,
  onPick,
  state,
  children,
}: {
  isChosen: boolean;
  onPick: () => void;
  state: ReactNode;
  children: ReactNode;
}) {
  return (
    <button
      type="button"
      role="menuitemradio"
      aria-checked={isChosen}
      onClick={onPick}
      className="flex min-h-11 w-full items-center gap-2.5 rounded-m px-2.5 py-1.5 text-left font-[550] text-md hover:bg-hover focus-visible:bg-hover"
    >
      {state}
      <span className="min-w-0 flex-1">{children}</span>
      {isChosen && <Check aria-hidden className="size-4 flex-none text-accent-ink" />}
    </button>
  );
}

const Note = ({ children }: { children: ReactNode }) => (
  <span className="block truncate font-normal text-ink-2 text-sm"> {children}</span>
);

/** The worst of some connections; one that is not there is not known to be well. */
function State({ of }: { of: readonly (ConnectionStatus | undefined)[] }) {
  const checks = of.flatMap((each) => [each?.source_ok ?? null, each?.target_ok ?? null]);
  const ok = checks.includes(false) ? false : checks.length && !checks.includes(null) ? true : null;
  return <StatusIcon word={checkWord(ok)} className="size-4 flex-none" />;
}

function stateWords({ source_ok, target_ok }: ConnectionStatus): string {
  const silent = [source_ok === false && "source", target_ok === false && "target"].filter(Boolean);
  if (silent.length > 0) return `No answer from ${silent.join(" and ")}`;
  return source_ok && target_ok ? "Answers" : "Not checked";
}

const about = ({ source, target, credential }: ConnectionStatus) =>
  `Source ${source}\nTarget ${target}\nCredential ${credential}`;

/** The page one is on, of that connection; from a page of none to the overview. */
function useChoose(): (name: string | undefined) => void {
  const navigate = useNavigate();
  const path = useRouterState({ select: (state) => state.location.pathname });
  return (connection) => {
    if (!isNarrowed(path)) {
      void navigate({ to: "/", search: { connection } });
      return;
    }
    // Empty, not undefined: what is undefined the router hands on from the address.
    const keep = (before: object) => ({ ...before, connection: connection ?? "" });
    void navigate({ to: path, search: keep as never });
  };
}

const STEPS: Record<string, (at: number, last: number) => number> = {
  ArrowDown: (at, last) => (at === last ? 0 : at + 1),
  ArrowUp: (at, last) => (at === 0 ? last : at - 1),
  Home: () => 0,
  End: (_, last) => last,
};

/** Arrows walk a menu. */
function walk(event: KeyboardEvent<HTMLElement>): void {
  const step = STEPS[event.key];
  if (!step) return;
  event.preventDefault();
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>("[role=menuitemradio]")];
  const at = items.indexOf(document.activeElement as HTMLElement);
  items[step(at, items.length - 1)]?.focus();
}
