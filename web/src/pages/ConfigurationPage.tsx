import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { Check, ChevronDown, Copy, FilterX } from "lucide-react";
import { useState } from "react";
import type { Configuration, SettingValue } from "@/api/generated";
import { Chip, PageHead, Tag } from "@/components/bits";
import { AskInCard, Card, Empty, Skeleton } from "@/components/Panel";
import { SearchField } from "@/components/SearchField";
import { Button } from "@/components/ui/button";
import { ChoiceMenu } from "@/components/ui/menu";
import { asYaml, grouped, isDefault, originOf } from "@/features/settings/origin";
import { configurationQuery } from "@/features/settings/queries";
import { copyText } from "@/lib/clipboard";
import { count } from "@/lib/format";
import { useTitle } from "@/lib/hooks";

const route = getRouteApi("/settings/configuration");

export function ConfigurationPage() {
  useTitle("Configuration");
  const { connection } = route.useSearch();
  const query = useQuery(configurationQuery(connection));
  return (
    <>
      <PageHead
        title="Configuration"
        actions={query.data && <CopyYaml settings={query.data.settings} />}
      >
        <p>
          What is in force now and where each value comes from. Read only here; change it at its
          origin.
        </p>
      </PageHead>
      <AskInCard query={query} loading={<Skeleton rows={10} height={20} />}>
        {(found) => (
          <div className="grid gap-4">
            <Settings found={found} />
          </div>
        )}
      </AskInCard>
    </>
  );
}

function Settings({ found }: { found: Configuration }) {
  const [text, setText] = useState("");
  const [onlyChanged, setOnlyChanged] = useState(false);
  const needle = text.trim().toLowerCase();
  const shown = found.settings.filter(
    (each) =>
      !(onlyChanged && isDefault(each)) &&
      `${each.group} ${each.name} ${each.value} ${each.origin}`.toLowerCase().includes(needle),
  );
  const changed = found.settings.filter((each) => !isDefault(each)).length;
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        <SearchField
          label="Find a setting"
          value={text}
          onChange={setText}
          className="w-80 max-w-full max-s:w-full"
        />
        <Chip
          pressed={onlyChanged}
          onPress={() => setOnlyChanged(!onlyChanged)}
          count={count(changed)}
        >
          Changed from default
        </Chip>
        <ConnectionChoice found={found} />
      </div>
      {shown.length === 0 && (
        <div className="card">
          <Empty
            icon={FilterX}
            title="No setting matches"
            action={
              <Button
                onClick={() => {
                  setText("");
                  setOnlyChanged(false);
                }}
              >
                Clear filters
              </Button>
            }
          >
            {`There are ${count(found.settings.length)} settings in all.`}
          </Empty>
        </div>
      )}
      {grouped(shown).map(({ name, settings }) => (
        <Card key={name} title={name} flush>
          <dl>
            {settings.map((setting) => (
              <Row key={setting.name} setting={setting} />
            ))}
          </dl>
        </Card>
      ))}
    </>
  );
}

function ConnectionChoice({ found }: { found: Configuration }) {
  const navigate = useNavigate();
  if (found.connections.length < 2) return null;
  return (
    <ChoiceMenu
      label="Connection"
      value={found.connection}
      onChange={(connection) =>
        void navigate({ to: "/settings/configuration", search: { connection } })
      }
      options={found.connections.map((name) => ({ value: name, label: name }))}
    >
      Connection {found.connection}
      <ChevronDown aria-hidden />
    </ChoiceMenu>
  );
}

function Row({ setting }: { setting: SettingValue }) {
  const { kind, where, icon: Icon } = originOf(setting.origin);
  return (
    <div className="grid min-h-11 grid-cols-[auto_minmax(0,1fr)] items-center gap-x-4 gap-y-0.5 border-line border-t px-4 py-2 text-md s:grid-cols-[minmax(120px,1fr)_minmax(0,1.5fr)_minmax(0,1.5fr)]">
      <dt className="text-ink-2 first-letter:uppercase">{setting.name}</dt>
      <dd className="font-mono text-[12.5px] [overflow-wrap:anywhere] max-s:col-span-2 max-s:row-start-2">
        {setting.value}
      </dd>
      <dd className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-0.5 max-s:justify-end">
        <Tag {...(kind === "Default" ? {} : { tone: "info" as const })}>
          <Icon aria-hidden /> {kind}
        </Tag>
        {where && (
          <span className="min-w-0 font-mono text-ink-2 text-sm [overflow-wrap:anywhere]">
            {where}
          </span>
        )}
      </dd>
    </div>
  );
}

function CopyYaml({ settings }: { settings: readonly SettingValue[] }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    setCopied(await copyText(asYaml(settings)));
    setTimeout(() => setCopied(false), 1600);
  };
  return (
    <Button onClick={() => void copy()}>
      {copied ? <Check aria-hidden /> : <Copy aria-hidden />}
      <span aria-live="polite">{copied ? "Copied" : "Copy as YAML, no secrets"}</span>
    </Button>
  );
}
