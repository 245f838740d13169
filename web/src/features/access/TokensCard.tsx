import { useQuery } from "@tanstack/react-query";
import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";
import type { TokenInfo } from "@/api/generated";
import { ActionButton } from "@/components/ActionButton";
import { Ask, Card, Empty } from "@/components/Panel";
import { Button } from "@/components/ui/button";
import { plural } from "@/lib/format";
import { useTimes } from "@/lib/time";
import { NewTokenDialog } from "./NewTokenDialog";
import { tokensQuery } from "./queries";
import { RevokeDialog } from "./RevokeDialog";

/** Who may log in, by a token of their own. */
export function TokensCard() {
  const tokens = useQuery(tokensQuery());
  const [adding, setAdding] = useState(false);
  const [revoking, setRevoking] = useState<string | null>(null);
  return (
    <Card
      title="Tokens"
      note={tokens.data?.length ? plural(tokens.data.length, "token") : undefined}
      flush
      actions={
        <ActionButton needs="admin" size="s" onClick={() => setAdding(true)}>
          <Plus aria-hidden /> New token
        </ActionButton>
      }
    >
      <Ask query={tokens}>
        {(found) =>
          found.length ? (
            <Tokens tokens={found} onRevoke={setRevoking} />
          ) : (
            <Empty icon={KeyRound} title="No tokens yet">
              Give every person and program one of their own: it can be revoked, and the audit log
              says what was done with it.
            </Empty>
          )
        }
      </Ask>
      {adding && <NewTokenDialog onClose={() => setAdding(false)} />}
      {revoking && <RevokeDialog name={revoking} onClose={() => setRevoking(null)} />}
    </Card>
  );
}

function Tokens({
  tokens,
  onRevoke,
}: {
  tokens: readonly TokenInfo[];
  onRevoke: (name: string) => void;
}) {
  const times = useTimes();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls is reached by keyboard
    <section className="relative overflow-x-auto" tabIndex={0} aria-label="Table of tokens">
      <table className="tbl" aria-label="Tokens, by name">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Role</th>
            <th scope="col">Made ({times.label})</th>
            <th scope="col">By</th>
            <th scope="col">Last used ({times.label})</th>
            <th scope="col">
              <span className="sr-only">Revoke</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {tokens.map((token) => (
            <tr key={token.name}>
              <td className="font-semibold">{token.name}</td>
              <td>{token.role}</td>
              <td className="tabular-nums">{times.stamp(token.created_at)}</td>
              <td className="text-ink-2">{token.created_by}</td>
              <td className="tabular-nums">
                {token.last_used ? times.stamp(token.last_used) : "never"}
              </td>
              <td className="n">
                <Button size="s" onClick={() => onRevoke(token.name)}>
                  Revoke <span className="sr-only">{token.name}</span>
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
