import {
  Dot,
  FileText,
  FlaskConical,
  type LucideIcon,
  PanelTop,
  SquareTerminal,
} from "lucide-react";
import type { SettingValue } from "@/api/generated";

/** Where a value is from: of what kind that is, and which one of them. */
export interface Origin {
  kind: string;
  where: string;
  icon: LucideIcon;
}

const KINDS: Record<string, Pick<Origin, "kind" | "icon">> = {
  environment: { kind: "Environment", icon: SquareTerminal },
  default: { kind: "Default", icon: Dot },
  page: { kind: "Page", icon: PanelTop },
  "command line": { kind: "Command", icon: SquareTerminal },
  "cdalake demo": { kind: "Demo", icon: FlaskConical },
};

export function originOf(text: string): Origin {
  const [first = "", ...rest] = text.split(" ");
  const known = KINDS[first];
  if (known) return { ...known, where: rest.join(" ") };
  if (KINDS[text]) return { ...KINDS[text], where: text };
  return { kind: "File", icon: FileText, where: text };
}

export const isDefault = (setting: SettingValue) => setting.origin === "default";

export interface Group {
  name: string;
  settings: SettingValue[];
}

/** In groups, the connection's before the server's. */
export function grouped(settings: readonly SettingValue[]): Group[] {
  const names = [...new Set(settings.map((setting) => setting.group))];
  const isOf = (name: string) => (name.startsWith("Connection") ? 0 : 1);
  return names
    .sort((a, b) => isOf(a) - isOf(b))
    .map((name) => ({ name, settings: settings.filter((each) => each.group === name) }));
}

/** Everything shown, as YAML; there is no secret in what is shown. */
export function asYaml(settings: readonly SettingValue[]): string {
  const lines = grouped(settings).flatMap(({ name, settings: own }) => [
    `${JSON.stringify(name)}:`,
    ...own.map(
      (each) => `  ${JSON.stringify(each.name)}: ${JSON.stringify(each.value)}  # ${each.origin}`,
    ),
  ]);
  return `${lines.join("\n")}\n`;
}
