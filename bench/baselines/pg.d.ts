/** What is used here of the driver, which brings no types of its own. */
declare module "pg" {
  export interface Client {
    readonly query: (statement: {
      readonly name?: string;
      readonly text: string;
      readonly values?: readonly unknown[];
    }) => Promise<{ readonly rows: never[]; readonly rowCount: number | null }>;
    readonly release: (error?: boolean) => void;
  }
  export class Pool {
    constructor(settings: { readonly connectionString: string; readonly max: number; readonly pipeline?: boolean });
    connect(): Promise<Client>;
    end(): Promise<void>;
  }
}
