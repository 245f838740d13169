import { Link, Outlet } from "@tanstack/react-router";
import { SETTINGS_PLACES } from "@/features/settings/places";

/** The pages of Settings, with a list of them at the side. */
export function SettingsPage() {
  return (
    <div className="grid gap-x-8 gap-y-4 m:grid-cols-[144px_minmax(0,1fr)]">
      <nav aria-label="Settings" className="m:pt-1">
        <h2 className="px-2 pb-1 font-semibold text-ink-2 text-sm max-m:sr-only">Settings</h2>
        <ul className="flex gap-0.5 overflow-x-auto m:grid">
          {SETTINGS_PLACES.map(({ to, label }) => (
            <li key={to}>
              <Link
                to={to}
                activeOptions={{ includeSearch: false }}
                className="flex h-8 items-center whitespace-nowrap rounded-m px-2 font-medium text-ink-2 text-md hover:bg-hover hover:text-ink aria-[current=page]:bg-hover aria-[current=page]:font-semibold aria-[current=page]:text-ink max-s:h-10"
              >
                {label}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <div className="min-w-0">
        <Outlet />
      </div>
    </div>
  );
}
