import { ApiKeyEntity } from "./entities/api-key.ts";
import { CipAttemptEntity } from "./entities/cip-attempt.ts";
import { ConsumerProgressEntity } from "./entities/consumer-progress.ts";
import { DataRequestEntity } from "./entities/data-request.ts";
import { DecisionEntity } from "./entities/decision.ts";
import { HeldResultEntity } from "./entities/held-result.ts";
import { IdempotencyEntity } from "./entities/idempotency.ts";
import { ImageEntity } from "./entities/image.ts";
import { LinkEntity } from "./entities/link.ts";
import { OperationEntity } from "./entities/operation.ts";
import { OutboxEntity } from "./entities/outbox.ts";
import { ParkedMessageEntity } from "./entities/parked-message.ts";
import { PartnerEntity } from "./entities/partner.ts";
import { RefusalEntity } from "./entities/refusal.ts";
import { UserEntity } from "./entities/user.ts";
import { UserHistoryEntity } from "./entities/user-history.ts";
import { WebhookAttemptEntity } from "./entities/webhook-attempt.ts";
import { WebhookDeliveryEntity } from "./entities/webhook-delivery.ts";
import { WebhookEndpointEntity } from "./entities/webhook-endpoint.ts";
import { WebhookLaneEntity } from "./entities/webhook-lane.ts";
import { WebhookReplayEntity } from "./entities/webhook-replay.ts";
import { WebhookSecretEntity } from "./entities/webhook-secret.ts";

/** Every table. A new one is a file in `entities/`, a line here and a migration. */
export const ENTITIES = [
  PartnerEntity,
  ApiKeyEntity,
  WebhookEndpointEntity,
  WebhookSecretEntity,
  IdempotencyEntity,
  ImageEntity,
  UserEntity,
  LinkEntity,
  DataRequestEntity,
  CipAttemptEntity,
  OperationEntity,
  HeldResultEntity,
  UserHistoryEntity,
  OutboxEntity,
  DecisionEntity,
  RefusalEntity,
  ConsumerProgressEntity,
  ParkedMessageEntity,
  WebhookDeliveryEntity,
  WebhookAttemptEntity,
  WebhookReplayEntity,
  WebhookLaneEntity,
];
