/** The one address this client talks to, and the number shown while even the county is not known. */

module.exports = {
  /** The deployment's address, with its stage's path where it has one; no slash at the end. */
  service: "https://jjbj.example.gov.cn",
  emergencyNumber: "110",
};
