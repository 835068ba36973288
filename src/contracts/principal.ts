/** Who is calling: the customer and the key that authenticated it. */
export type Principal = {
  customerId: string
  keyId: string
}
