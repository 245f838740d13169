export function Footer({ version }: { version: string | undefined }) {
  return (
    <footer className="mt-6 flex flex-wrap gap-x-4 gap-y-1 border-line border-t pt-4 text-ink-2 text-sm">
      <span>cdalake {version}</span>
      <a className="link" href="/docs">
        API docs
      </a>
      <a className="link" href="/health">
        Health
      </a>
      <span className="ml-auto max-s:ml-0">
        Independent project, not affiliated with Guidewire.
      </span>
    </footer>
  );
}
