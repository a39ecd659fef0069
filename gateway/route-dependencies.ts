import type { Clock } from "../runtime/clock.ts";
import type { Observed } from "../runtime/health-server.ts";
import type { CommandIds } from "../runtime/ids.ts";
import type { Validate } from "../schemas/validators.ts";
import type { ActiveLinkReader } from "../storage/active-link-lock.ts";
import type { Scope } from "../storage/scope.ts";
import type { Sealing } from "../storage/sealing.ts";
import type { WriteCommand } from "./command-writer.ts";
import type { WriteConfiguration } from "./configuration-writer.ts";
import type { Documentation } from "./documentation.ts";
import type { LinkAddresses } from "./link-address.ts";
import type { LinkTokens } from "./link-token.ts";
import type { PolicyChanges } from "./policy-changes.ts";
import type { Reads } from "./reads.ts";
import type { ReplayParked } from "./replay-parked.ts";
import type { PartnerRequest } from "./route.ts";
import type { SessionStreams, SessionStreamsSettings } from "./session-streams.ts";
import type { ImageStore } from "./user-data-input.ts";
import type { WidgetPage } from "./widget-page.ts";

/** What routes work with; each takes what it needs. */
export interface RouteDependencies extends ImageStore {
  readonly clock: Clock;
  readonly validate: (schema: string) => Validate;
  readonly reads: Reads;
  readonly write: WriteCommand;
  /** For operators. */
  readonly configure: WriteConfiguration;
  /** For partners, of what is their own. */
  readonly configureOwn: WriteConfiguration<PartnerRequest>;
  /** For the signing secrets of webhooks. */
  readonly sealing: Sealing;
  /** What signs deliveries to the callbackUrls of a partner, newest first; the first is made when it is asked for. */
  readonly readSecrets: (scope: Scope) => Promise<readonly string[]>;
  /** Makes every gateway forget what it remembers of keys and partners, this one before it resolves. */
  readonly keysChanged: () => Promise<void>;
  readonly replayParked: ReplayParked;
  readonly policies: PolicyChanges;
  readonly readActiveLink: ActiveLinkReader["read"];
  readonly tokens: LinkTokens;
  readonly addresses: LinkAddresses;
  readonly commandIds: CommandIds;
  readonly allowPrivateTargets: boolean;
  /** For so long it is known what became of a delivery. */
  readonly deliveryRetentionDays: number;
  readonly observed: Observed;
  readonly widgetPage: WidgetPage;
  readonly sessionStreams: SessionStreams;
  readonly readSessionText: SessionStreamsSettings["read"];
  readonly documentation: Documentation;
}
