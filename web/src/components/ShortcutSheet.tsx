import { useId } from "react";
import { Keys } from "@/components/Keys";
import { Dialog } from "@/components/ui/dialog";
import { Switch } from "@/components/ui/switch";
import { type Listed, singleKeys, useShortcuts, useSingleKeys } from "@/lib/shortcuts";

/** Every key that does something on the page as it is now. */
export function ShortcutSheet({ onClose }: { onClose: () => void }) {
  const shortcuts = useShortcuts();
  const groups = [...new Set(shortcuts.map(({ group }) => group))];
  return (
    <Dialog
      open
      onClose={onClose}
      title="Keyboard shortcuts"
      description="What works on this page. No key does anything while you type."
      className="max-w-[640px]"
      footer={<SingleKeys />}
    >
      <div className="grid gap-x-8 gap-y-5 px-6 py-5 s:grid-cols-2 max-s:px-4">
        {groups.map((group) => (
          <Group
            key={group}
            name={group}
            shortcuts={shortcuts.filter((each) => each.group === group)}
          />
        ))}
      </div>
    </Dialog>
  );
}

function Group({ name, shortcuts }: { name: string; shortcuts: readonly Listed[] }) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <h3 id={id} className="mb-1.5 font-semibold text-md">
        {name}
      </h3>
      <dl className="grid gap-1.5 text-md">
        {shortcuts.map(({ keys, does }) => (
          <div key={keys} className="flex items-center justify-between gap-3">
            <dt className="text-ink-2">{does}</dt>
            <dd className="flex-none">
              <Keys keys={keys} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function SingleKeys() {
  const id = useId();
  const on = useSingleKeys();
  return (
    <>
      <Switch id={id} checked={on} onChange={singleKeys.set} />
      <label htmlFor={id} className="text-md">
        Single keys are on
      </label>
      <span className="text-ink-2 text-sm">Off leaves those with Ctrl or Cmd.</span>
    </>
  );
}
