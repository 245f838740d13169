import { Link, useNavigate, useRouterState } from "@tanstack/react-router";
import { SearchX } from "lucide-react";
import { type FormEvent, useState } from "react";
import { NearestTables } from "@/components/Nearest";
import { Empty } from "@/components/Panel";
import { PLACES } from "@/components/places";
import { SearchField } from "@/components/SearchField";
import { Button } from "@/components/ui/button";
import { useTitle } from "@/lib/hooks";

/** No page has the address: what was meant, perhaps, and a search. */
export function NotFoundPage() {
  useTitle("Not found");
  const path = useRouterState({ select: (state) => state.location.pathname });
  const last = decoded(path.split("/").filter(Boolean).at(-1) ?? "");
  return (
    <div className="card mx-auto mt-10 max-w-xl">
      <h1 className="sr-only">Page not found</h1>
      <Empty icon={SearchX} title="There is no such page">
        <code className="font-mono text-sm [overflow-wrap:anywhere]">{path}</code> is mistyped, or
        what it led to is gone.
      </Empty>
      <SearchForm />
      <nav aria-label="Pages" className="flex flex-wrap justify-center gap-2 px-5 pb-6">
        {PLACES.map(({ to, label }) => (
          <Button key={to} asChild>
            <Link to={to}>{label}</Link>
          </Button>
        ))}
      </nav>
      {/* The names of CDA have an application before an underscore; other words are near to any. */}
      {last.includes("_") && <NearestTables to={last} />}
    </div>
  );
}

function SearchForm() {
  const navigate = useNavigate();
  const [text, setText] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void navigate({ to: "/tables", search: text.trim() ? { q: text.trim() } : {} });
  };
  return (
    <search className="px-5 pb-4">
      <form onSubmit={submit} className="flex gap-2">
        <SearchField
          label="Search tables"
          placeholder="Table, column or fingerprint"
          value={text}
          onChange={setText}
          className="min-w-0 flex-1"
        />
        <Button type="submit">Search</Button>
      </form>
    </search>
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text).slice(0, 200);
  } catch {
    return text.slice(0, 200);
  }
}
