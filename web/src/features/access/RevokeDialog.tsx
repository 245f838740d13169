import { Ban } from "lucide-react";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { useRevokeToken } from "./queries";

export function RevokeDialog({ name, onClose }: { name: string; onClose: () => void }) {
  const revoke = useRevokeToken();
  return (
    <ConfirmDialog
      title={`Revoke ${name}?`}
      description="Programs that use this token are refused, and whoever logged in with it has to log in anew. Runs they started go on."
      keep="Keep it"
      act={
        <>
          <Ban aria-hidden /> Revoke
        </>
      }
      busy={revoke.isPending}
      onAct={() => revoke.mutate(name, { onSettled: onClose })}
      onClose={onClose}
    />
  );
}
