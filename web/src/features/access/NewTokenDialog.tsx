import { KeyRound } from "lucide-react";
import { useId, useState } from "react";
import type { NewToken, Role } from "@/api/generated";
import { toProblem } from "@/api/problem";
import { Segments } from "@/components/bits";
import { CopyButton } from "@/components/CopyButton";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { useAddToken } from "./queries";

const ROLES = (["viewer", "operator", "admin"] as const).map((role) => ({
  value: role,
  label: role,
}));

/** Name and role; then the token, this once. */
export function NewTokenDialog({ onClose }: { onClose: () => void }) {
  const add = useAddToken();
  if (add.data) return <Made token={add.data} onClose={onClose} />;
  return (
    <Form
      error={add.error}
      isPending={add.isPending}
      onSubmit={(body) => add.mutate(body)}
      onClose={onClose}
    />
  );
}

function Form({
  error,
  isPending,
  onSubmit,
  onClose,
}: {
  error: unknown;
  isPending: boolean;
  onSubmit: (body: { name: string; role: Role }) => void;
  onClose: () => void;
}) {
  const id = useId();
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("viewer");
  const form = `${id}-form`;
  return (
    <Dialog
      open
      onClose={onClose}
      title="New token"
      description="For one person or one program."
      className="max-w-[480px]"
      footer={
        <>
          <Button className="ml-auto" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" form={form} variant="primary" disabled={isPending || !name.trim()}>
            <KeyRound aria-hidden /> Make token
          </Button>
        </>
      }
    >
      <form
        id={form}
        className="grid gap-4 px-6 py-4 max-s:px-4"
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit({ name: name.trim(), role });
        }}
      >
        <div className="grid gap-1.5">
          <label htmlFor={id} className="font-semibold text-md">
            Name
          </label>
          <input
            id={id}
            value={name}
            onChange={(event) => setName(event.target.value)}
            maxLength={64}
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            placeholder="ana, or nightly-report"
            className="h-9 rounded-m border border-control bg-surface px-3 text-md placeholder:text-ink-3"
          />
        </div>
        <div className="grid justify-items-start gap-1.5">
          <span className="font-semibold text-md">Role</span>
          <Segments label="Role" value={role} options={ROLES} onChange={setRole} />
        </div>
        {error !== null && <Refusal error={error} />}
      </form>
    </Dialog>
  );
}

function Refusal({ error }: { error: unknown }) {
  const { message, hint } = toProblem(error);
  return (
    <p role="alert" className="rounded-m bg-fail-bg px-3 py-2 text-fail text-md">
      {message} {hint}
    </p>
  );
}

function Made({ token, onClose }: { token: NewToken; onClose: () => void }) {
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Token of ${token.name}`}
      description="Copy it now: it is shown only this once, and only a hash of it is kept."
      className="max-w-[520px]"
      footer={
        <Button variant="primary" className="ml-auto" onClick={onClose}>
          Done
        </Button>
      }
    >
      <div className="grid gap-2 px-6 py-4 max-s:px-4">
        <CopyButton text={token.token} label="token" className="min-h-9 bg-sunken px-3 text-md" />
        <p className="text-ink-2 text-sm">
          Role {token.role}. On the page it is the token to log in with; programs send it as{" "}
          <code className="mono">Authorization: Bearer …</code>
        </p>
      </div>
    </Dialog>
  );
}
