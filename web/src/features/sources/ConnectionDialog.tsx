import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ArrowRight, Check, Zap } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import type { ConnectionInfo, ValueChange } from "@/api/generated";
import { toProblem } from "@/api/problem";
import { Problem } from "@/components/Panel";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { useAnnounce } from "@/lib/announce";
import { ConnectionFields, Field } from "./ConnectionFields";
import { fieldsOf, valuesOf } from "./form";
import { type Draft, saveConnection, tryValues } from "./queries";
import { TestSteps } from "./TestSteps";

/** Add or edit a connection: type, look at what changes, confirm. No secret is ever typed. */
export function ConnectionDialog({
  connection,
  onClose,
  onSaved,
}: {
  /** The one to edit; null for a new one. */
  connection: ConnectionInfo | null;
  onClose: () => void;
  onSaved: (name: string) => void;
}) {
  const [name, setName] = useState(connection?.name ?? "");
  const [fields, setFields] = useState(() => fieldsOf(connection));
  const draft: Draft = {
    name: name.trim(),
    revision: connection?.revision ?? null,
    values: valuesOf(fields),
  };
  const form = useId();
  const test = useMutation({ mutationFn: tryValues });
  const preview = useMutation({ mutationFn: () => saveConnection(draft, true) });
  const save = useSave(onSaved);
  const seen = preview.data;
  const busy = preview.isPending || save.isPending;
  const problem = save.error ?? preview.error;
  const review = (event: FormEvent) => {
    event.preventDefault();
    save.reset();
    preview.mutate();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={connection ? `Edit ${connection.name}` : "Add a connection"}
      description="Credentials are named, never typed: they stay where the server finds them."
      className="max-w-[760px]"
      footer={
        seen ? (
          <>
            <Button onClick={() => preview.reset()}>Back</Button>
            <Button
              variant="primary"
              className="ml-auto"
              disabled={busy || seen.differences.length === 0}
              onClick={() => save.mutate(draft)}
            >
              <Check aria-hidden /> {connection ? "Save changes" : "Add connection"}
            </Button>
          </>
        ) : (
          <>
            <Button
              disabled={test.isPending || !draft.values.source || !draft.values.target}
              onClick={() => test.mutate(draft.values)}
            >
              <Zap aria-hidden /> {test.isPending ? "Testing…" : "Test"}
            </Button>
            <Button type="submit" form={form} variant="primary" className="ml-auto" disabled={busy}>
              Review changes <ArrowRight aria-hidden />
            </Button>
          </>
        )
      }
    >
      <div className="grid gap-4 px-6 py-4 max-s:px-4">
        {problem && <Problem problem={toProblem(problem)} className="p-0" />}
        {seen ? (
          <Differences differences={seen.differences} />
        ) : (
          <form id={form} onSubmit={review} className="grid gap-4">
            {!connection && (
              <Field
                label="Name"
                value={name}
                onChange={setName}
                required
                pattern="[A-Za-z0-9][A-Za-z0-9._\-]{0,63}"
                help="Letters, digits, dots and dashes."
              />
            )}
            <ConnectionFields fields={fields} onChange={setFields} />
          </form>
        )}
        {!seen && test.error && <Problem problem={toProblem(test.error)} className="p-0" />}
        {!seen && test.data && <TestSteps result={test.data} />}
      </div>
    </Dialog>
  );
}

function useSave(onSaved: (name: string) => void) {
  const client = useQueryClient();
  const { say } = useAnnounce();
  return useMutation({
    mutationFn: (draft: Draft) => saveConnection(draft, false),
    onSuccess: async (change) => {
      say(`Connection ${change.name} saved. The server looks at it now.`);
      await Promise.all(
        ["connections", "dashboard", "configuration"].map((key) =>
          client.invalidateQueries({ queryKey: [key] }),
        ),
      );
      onSaved(change.name);
    },
  });
}

/** Old and new side by side; nothing is kept before they were seen. */
export function Differences({ differences }: { differences: readonly ValueChange[] }) {
  if (differences.length === 0) return <p className="text-md">Nothing would change.</p>;
  return (
    <div className="overflow-x-auto">
      <table className="w-full text-md">
        <caption className="pb-2 text-left text-ink-2">What would change</caption>
        <thead>
          <tr className="border-line border-b text-left text-ink-2 text-sm">
            <th scope="col" className="py-1.5 pr-3 font-[550]">
              Setting
            </th>
            <th scope="col" className="py-1.5 pr-3 font-[550]">
              Now
            </th>
            <th scope="col" className="py-1.5 font-[550]">
              New
            </th>
          </tr>
        </thead>
        <tbody>
          {differences.map((each) => (
            <tr key={each.key} className="border-line border-b align-top">
              <th scope="row" className="py-1.5 pr-3 text-left font-[550]">
                {each.key.replaceAll("_", " ")}
              </th>
              <td className="py-1.5 pr-3 font-mono text-[12.5px] text-ink-2 [overflow-wrap:anywhere]">
                {each.before === null ? "default" : <del>{String(each.before)}</del>}
              </td>
              <td className="py-1.5 font-mono text-[12.5px] [overflow-wrap:anywhere]">
                {each.after === null ? (
                  "default"
                ) : (
                  <ins className="no-underline">{String(each.after)}</ins>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
