/** What is built carries the code of others: their names, versions and licence texts go beside it, as those licences ask for. */
export const thirdPartyLicenses = { fileName: "THIRD-PARTY-LICENSES.txt" };
