/** The address of the test network that is not loopback, if the tests run in one of their own. */
export const testAddress = (): string | undefined => process.env["LEGWORK_TEST_ADDRESS"];
