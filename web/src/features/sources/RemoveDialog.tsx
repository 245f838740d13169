import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import type { ConnectionInfo } from "@/api/generated";
import { toProblem } from "@/api/problem";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { Problem } from "@/components/Panel";
import { useAnnounce } from "@/lib/announce";
import { plural } from "@/lib/format";
import { dropConnection } from "./queries";

/** Asks before a connection is forgotten, and says what stays. */
export function RemoveDialog({
  connection,
  onClose,
  onRemoved,
}: {
  connection: ConnectionInfo;
  onClose: () => void;
  onRemoved: () => void;
}) {
  const client = useQueryClient();
  const { say } = useAnnounce();
  const remove = useMutation({
    mutationFn: () => dropConnection(connection.name, connection.revision ?? ""),
    onSuccess: async () => {
      say(`Connection ${connection.name} removed.`);
      onRemoved();
      await Promise.all(
        ["connections", "dashboard", "configuration", "tables"].map((key) =>
          client.invalidateQueries({ queryKey: [key] }),
        ),
      );
    },
  });
  return (
    <ConfirmDialog
      title={`Remove ${connection.name}?`}
      description="The monitor forgets the connection. Source and target are not touched."
      keep="Keep it"
      act={
        <>
          <Trash2 aria-hidden /> Remove connection
        </>
      }
      busy={remove.isPending}
      onAct={() => remove.mutate()}
      onClose={onClose}
    >
      <div className="grid gap-3 px-6 py-4 text-base max-s:px-4">
        {remove.error && <Problem problem={toProblem(remove.error)} className="p-0" />}
        <p>
          {plural(connection.loaded, "table")} stay in{" "}
          <span className="font-mono text-[12.5px] [overflow-wrap:anywhere]">
            {connection.target}
          </span>
          , and its runs stay in the list of runs.
        </p>
      </div>
    </ConfirmDialog>
  );
}
