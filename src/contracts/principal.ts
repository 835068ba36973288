/** Who is calling: the customer and the key that authenticated it. */
export type Principal = {
  customerId: string
  keyId: string
  keyName: string
  /** Milliseconds since 1970. */
  keyCreatedAt: number
  customerEmail: string
  /** What the key may do besides calls. */
  scopes: readonly string[]
}
