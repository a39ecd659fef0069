/** What is used here of the driver, which brings no types of its own. */
declare module "pg" {
  export interface PooledClient {
    readonly query: (statement: {
      readonly name?: string;
      readonly text: string;
      readonly values?: readonly unknown[];
    }) => Promise<{ readonly rows: never[]; readonly rowCount: number | null }>;
    readonly release: (error?: boolean) => void;
  }
  export class Pool {
    constructor(settings: { readonly connectionString: string; readonly max: number; readonly pipeline?: boolean });
    connect(): Promise<PooledClient>;
    end(): Promise<void>;
  }
  export class Client {
    constructor(settings: {
      readonly connectionString: string;
      readonly application_name: string;
      readonly keepAlive: boolean;
      readonly connectionTimeoutMillis: number;
    });
    connect(): Promise<void>;
    query(text: string): Promise<unknown>;
    on(event: "notification" | "end", listener: () => void): unknown;
    on(event: "error", listener: (error: Error) => void): unknown;
    end(): Promise<void>;
  }
}
