import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { Eye, EyeOff, LogIn } from "lucide-react";
import { useId, useState } from "react";
import { useLogin } from "@/api/login";
import { toProblem } from "@/api/problem";
import { Mark } from "@/components/Mark";
import { Button } from "@/components/ui/button";
import { localPath } from "@/lib/addresses";
import { useTitle } from "@/lib/hooks";

const route = getRouteApi("/login");

/** The token a link brought behind its `#`; it does not stay in the address. */
function tokenOfLink(): string {
  const token = decoded(location.hash.slice(1));
  if (token) history.replaceState(history.state, "", location.pathname + location.search);
  return token;
}

/** As it is, where a '%' in it begins nothing. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function LoginPage() {
  useTitle("Log in");
  const { to } = route.useSearch();
  const navigate = useNavigate();
  const login = useLogin(() => {
    const back = localPath(to);
    // The reference is the server's own page: the router does not know it.
    if (/^\/docs(\/|$)/.test(back)) location.replace(back);
    else void navigate({ href: back, replace: true });
  });
  const [token, setToken] = useState(tokenOfLink);
  return (
    <main className="grid min-h-dvh place-items-center px-4 py-10">
      <form
        className="card grid w-full max-w-[420px] gap-4 p-6"
        onSubmit={(event) => {
          event.preventDefault();
          if (token.trim()) login.mutate(token.trim());
        }}
      >
        <div className="flex items-center gap-3">
          <Mark className="size-8 flex-none" />
          <h1 className="font-[620] text-fact tracking-[-.012em]">Log in to Connector Monitor</h1>
        </div>
        <TokenField token={token} onChange={setToken} invalid={login.isError} />
        {login.isError && <Refusal error={login.error} />}
        <Button type="submit" variant="primary" disabled={login.isPending || !token.trim()}>
          <LogIn aria-hidden /> {login.isPending ? "Logging in …" : "Log in"}
        </Button>
        <p className="text-ink-2 text-sm">
          An admin of this server can give you a token: <code className="mono">cdalake token</code>{" "}
          or Settings, Access.
        </p>
      </form>
    </main>
  );
}

function TokenField({
  token,
  onChange,
  invalid,
}: {
  token: string;
  onChange: (token: string) => void;
  invalid: boolean;
}) {
  const id = useId();
  const [shown, setShown] = useState(false);
  const Icon = shown ? EyeOff : Eye;
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="font-semibold text-md">
        Token
      </label>
      <div className="flex h-10 items-center rounded-m border border-control bg-surface pr-1 has-[input:focus-visible]:outline-2 has-[input:focus-visible]:outline-ring">
        <input
          id={id}
          type={shown ? "text" : "password"}
          value={token}
          onChange={(event) => onChange(event.target.value)}
          autoComplete="current-password"
          autoCapitalize="off"
          spellCheck={false}
          // biome-ignore lint/a11y/noAutofocus: it is the only thing to do here
          autoFocus
          aria-invalid={invalid}
          className="min-w-0 flex-1 bg-transparent px-3 font-mono text-md outline-none"
        />
        <Button
          variant="ghost"
          size="icon-s"
          aria-label={shown ? "Hide token" : "Show token"}
          onClick={() => setShown(!shown)}
        >
          <Icon aria-hidden />
        </Button>
      </div>
    </div>
  );
}

function Refusal({ error }: { error: unknown }) {
  const problem = toProblem(error);
  return (
    <p role="alert" className="rounded-m bg-fail-bg px-3 py-2 text-fail text-md">
      {problem.message} {problem.hint}
    </p>
  );
}
