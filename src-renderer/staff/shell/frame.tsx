import {
  Building2,
  CalendarDays,
  CircleHelp,
  Eye,
  FlaskConical,
  House,
  Inbox,
  type LucideIcon,
  Settings2,
  ShoppingCart,
  Users,
} from "lucide-react";
import { Component, lazy, type ReactNode, Suspense, useState } from "react";
import { useAct, useLive } from "../../api/index.ts";
import { Avatar, Button, go, useCommands, usePath, useShortcuts, useT } from "../../ui/index.ts";
import { CareBanner } from "../care/index.tsx";
import { LeaveAnyway } from "../sync/leave.tsx";
import { SyncPill } from "../sync/pill.tsx";
import { PracticeLimits } from "./limits.tsx";
import { Mark } from "./mark.tsx";
import { Notices } from "./notices.tsx";
import { UniversalSearch } from "./search.tsx";
import { useSession } from "./session.tsx";
import { toggleTheme } from "./theme.ts";

interface Place {
  readonly path: string;
  readonly label: string;
  readonly icon: LucideIcon;
  readonly screen: ReturnType<typeof lazy>;
  /** Any of these rights shows it on the rail. */
  readonly needs: readonly string[] | null;
  /** Any of these opens what one of its addresses names, without a place on the rail. */
  readonly reads?: readonly string[];
  readonly count?: "cases";
}

const places: readonly Place[] = [
  { path: "today", label: "rail.today", icon: House, screen: lazy(() => import("../today/index.tsx")), needs: null },
  {
    path: "diary",
    label: "rail.diary",
    icon: CalendarDays,
    screen: lazy(() => import("../diary/index.tsx")),
    needs: ["appointments:view"],
  },
  {
    path: "patients",
    label: "rail.patients",
    icon: Users,
    screen: lazy(() => import("../patients/index.tsx")),
    needs: ["patients:view"],
  },
  {
    path: "till",
    label: "rail.till",
    icon: ShoppingCart,
    screen: lazy(() => import("../dispensing/index.tsx")),
    needs: ["pos:access"],
  },
  {
    path: "lab",
    label: "rail.jobs",
    icon: FlaskConical,
    screen: lazy(() => import("../lab/index.tsx")),
    needs: ["orders:view"],
  },
  {
    path: "exam",
    label: "rail.exam",
    icon: Eye,
    screen: lazy(() => import("../exams/index.tsx")),
    needs: ["exams:create"],
    reads: ["patients:view_clinical", "patients:break_glass"],
  },
  {
    path: "cases",
    label: "rail.cases",
    icon: Inbox,
    screen: lazy(() => import("../cases/index.tsx")),
    needs: ["cases:view"],
    count: "cases",
  },
  {
    path: "hq",
    label: "rail.hq",
    icon: Settings2,
    screen: lazy(() => import("../access/index.tsx")),
    needs: ["users:manage", "roles:manage", "devices:manage", "fields:manage"],
  },
];
const SyncScreen = lazy(() => import("../sync/index.tsx"));
const AttentionScreen = lazy(() => import("../sync/attention-screen.tsx"));
const PaperScreen = lazy(() => import("../exams/documents/index.tsx"));
const HelpScreen = lazy(() => import("../help/index.tsx"));

export function Frame() {
  const t = useT("shell");
  const { may, person, branch, device } = useSession();
  const path = usePath();
  const here = path.split("?")[0]?.split("/")[1] ?? "today";
  const streams = device.profile;
  // A bench has no patients and no cases on its disk; what is not here is not offered.
  const held = places.filter(
    ({ path: place }) =>
      !(streams === "lab" && ["diary", "patients", "till", "exam", "cases"].includes(place)) &&
      !(place === "exam" && !["exam", "single"].includes(streams)) &&
      !(place === "till" && !["till", "single", "hq"].includes(streams)),
  );
  const shown = held.filter(({ needs }) => needs === null || needs.some(may));
  const named = path.split("?")[0]?.split("/")[2];
  const opened = named ? held.find((place) => place.path === here && place.reads?.some(may)) : undefined;
  const Screen =
    here === "sync"
      ? SyncScreen
      : here === "attention"
        ? AttentionScreen
        : here === "help"
          ? HelpScreen
          : here === "paper"
            ? PaperScreen
            : (shown.find((place) => place.path === here) ?? opened ?? shown[0])?.screen;
  useShortcuts([
    ...shown.map((place, index) => ({
      keys: `Ctrl+${index + 1}`,
      label: t(place.label),
      group: "Horopter",
      run: () => go(`/${place.path}`),
    })),
    { keys: "F1", label: t("rail.help"), group: "Horopter", run: () => go("/help") },
  ]);
  return (
    <div className="app">
      <Notices />
      <PracticeLimits />
      <header className="topbar">
        <span className="brand">
          <Mark />
        </span>
        <UniversalSearch />
        <span className="push" />
        <SyncPill />
        <span className="sep" />
        <span className="row g2 nowrap">
          <Building2 className="i s" aria-hidden />
          <span>
            {branch.name} <span className="t3">· {device.name}</span>
          </span>
        </span>
        <span className="sep" />
        <PersonMenu name={person.name} title={person.jobTitle ?? ""} initials={person.initials} />
      </header>
      <nav className="rail" aria-label="Main">
        {shown.map(({ path: place, label, icon: Icon, count }) => (
          <a key={place} href={`#/${place}`} aria-current={place === here ? "page" : undefined}>
            <Icon className="i l" aria-hidden />
            {place === "lab" && streams === "lab" ? t("rail.board") : t(label)}
            {count === "cases" ? <CaseCount /> : null}
          </a>
        ))}
        <a className="end" href="#/help" aria-current={here === "help" ? "page" : undefined}>
          <CircleHelp className="i l" aria-hidden />
          {t("rail.help")}
        </a>
      </nav>
      <main className="surface">
        <CareBanner />
        <Boundary key={here}>
          <Suspense fallback={null}>{Screen ? <Screen /> : null}</Suspense>
        </Boundary>
      </main>
    </div>
  );
}

function CaseCount() {
  const cases = useLive("cases.counts");
  const waiting = cases.data?.unassigned ?? 0;
  return waiting > 0 ? (
    <span className="n" role="img" aria-label={`${waiting} unassigned`}>
      {waiting}
    </span>
  ) : null;
}

function PersonMenu({ name, title, initials }: { name: string; title: string; initials: string }) {
  const t = useT("shell");
  const [open, setOpen] = useState(false);
  const [leaving, setLeaving] = useState(false);
  const attention = useLive("sync.status").data?.attention ?? 0;
  const out = useAct("session.signOut");
  const signOut = () => void out.act(undefined);
  useCommands();
  return (
    <span className="hold">
      <button type="button" className="who" aria-expanded={open} aria-haspopup="menu" onClick={() => setOpen(!open)}>
        <Avatar initials={initials} />
        <span>
          <b>{name}</b>
          <span className="small">{title}</span>
        </span>
      </button>
      {open ? (
        <span className="menu" role="menu">
          <button type="button" role="menuitem" onClick={toggleTheme}>
            {t("theme")}
          </button>
          <button type="button" role="menuitem" onClick={() => (attention > 0 ? setLeaving(true) : signOut())}>
            {t("signOut")}
          </button>
        </span>
      ) : null}
      <LeaveAnyway count={attention} open={leaving} onClose={() => setLeaving(false)} onLeave={signOut} />
    </span>
  );
}

/** A screen that fails takes only itself along. */
class Boundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };
  static getDerivedStateFromError() {
    return { failed: true };
  }
  override render() {
    if (!this.state.failed) return this.props.children;
    return (
      <div className="empty" role="alert">
        <p className="section">This screen failed. What you saved is safe.</p>
        <Button onClick={() => this.setState({ failed: false })}>Try again</Button>
      </div>
    );
  }
}
