import { Check, LogOut } from "lucide-react";
import type { Me, Role } from "@/api/generated";
import { useLogout } from "@/api/login";
import { Button } from "@/components/ui/button";
import { cn } from "@/lib/cn";

const ROLES: readonly { role: Role; may: string }[] = [
  {
    role: "viewer",
    may: "Read everything but tokens and the audit log. Personal columns are masked.",
  },
  { role: "operator", may: "The same, and start, cancel and retry runs, and refresh." },
  { role: "admin", may: "The same, and change connections and tokens, and read the audit log." },
];

export function RolesCard({ me }: { me: Me }) {
  const logout = useLogout();
  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap items-center gap-3">
        <p className="min-w-0 flex-1 text-md">
          You are <b className="font-semibold [overflow-wrap:anywhere]">{me.name}</b>. {how(me)}
        </p>
        {me.can_log_out && (
          <Button size="s" disabled={logout.isPending} onClick={() => logout.mutate()}>
            <LogOut aria-hidden /> Log out
          </Button>
        )}
      </div>
      <ul className="grid gap-2 m:grid-cols-3" aria-label="Roles">
        {ROLES.map(({ role, may }) => (
          <li
            key={role}
            aria-current={role === me.role || undefined}
            className={cn(
              "rounded-m border p-3",
              role === me.role ? "border-ink bg-sunken" : "border-line",
            )}
          >
            <p className="flex items-center gap-1.5 font-semibold text-md capitalize">
              {role}
              {role === me.role && (
                <span className="ml-auto inline-flex items-center gap-1 font-[550] text-sm normal-case">
                  <Check aria-hidden className="size-3.5" /> your role
                </span>
              )}
            </p>
            <p className="text-ink-2 text-sm">{may}</p>
          </li>
        ))}
      </ul>
    </div>
  );
}

function how(me: Me): string {
  if (!me.has_login) {
    return "Only this machine reaches the server, so nobody has to log in and everybody is admin.";
  }
  return me.can_log_out
    ? "You logged in with a token."
    : "A proxy in front of this server says so.";
}
