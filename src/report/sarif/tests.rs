//! The whole of the sample, and what stays out of it.

use super::super::sample::rendered;
use super::*;

#[test]
fn the_sample_looks_like_this() {
    insta::assert_snapshot!(rendered(&mut Sarif::default()), @r#"
    {
      "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
      "version": "2.1.0",
      "runs": [
        {
          "tool": {
            "driver": {
              "name": "herald",
              "version": "0.1.0",
              "rules": [
                {
                  "id": "json/syntax",
                  "shortDescription": {
                    "text": "not JSON"
                  },
                  "fullDescription": {
                    "text": "not JSON. Vendors' parsers refuse it, or read something else than was meant."
                  },
                  "help": {
                    "text": "json/syntax: not JSON\n\nkind      rule\nseverity  error\nfix       Vendors' parsers refuse it, or read something else than was meant.\nretry     no: fix the payload first\n"
                  },
                  "defaultConfiguration": {
                    "level": "error"
                  },
                  "properties": {
                    "tags": [
                      "json"
                    ],
                    "precision": "very-high",
                    "problem.severity": "error"
                  }
                },
                {
                  "id": "acme/E02",
                  "shortDescription": {
                    "text": "required field missing"
                  },
                  "fullDescription": {
                    "text": "required field missing. Add the field."
                  },
                  "help": {
                    "text": "required field missing"
                  },
                  "defaultConfiguration": {
                    "level": "error"
                  },
                  "properties": {
                    "tags": [
                      "acme"
                    ],
                    "precision": "very-high",
                    "problem.severity": "error"
                  }
                },
                {
                  "id": "acme/W07",
                  "shortDescription": {
                    "text": "odd text"
                  },
                  "fullDescription": {
                    "text": "odd text"
                  },
                  "help": {
                    "text": "odd text"
                  },
                  "defaultConfiguration": {
                    "level": "warning"
                  },
                  "properties": {
                    "tags": [
                      "acme"
                    ],
                    "precision": "high",
                    "problem.severity": "warning"
                  }
                },
                {
                  "id": "acme/H1",
                  "shortDescription": {
                    "text": "worth knowing"
                  },
                  "fullDescription": {
                    "text": "worth knowing"
                  },
                  "help": {
                    "text": "worth knowing"
                  },
                  "defaultConfiguration": {
                    "level": "note"
                  },
                  "properties": {
                    "tags": [
                      "acme"
                    ],
                    "precision": "medium",
                    "problem.severity": "recommendation"
                  }
                }
              ]
            }
          },
          "invocations": [
            {
              "executionSuccessful": false,
              "toolExecutionNotifications": [
                {
                  "level": "note",
                  "message": {
                    "text": "left out: it is for another"
                  },
                  "locations": [
                    {
                      "physicalLocation": {
                        "artifactLocation": {
                          "uri": "other.json",
                          "uriBaseId": "%SRCROOT%"
                        }
                      }
                    }
                  ]
                },
                {
                  "level": "error",
                  "message": {
                    "text": "cannot read `gone.json`"
                  }
                },
                {
                  "level": "error",
                  "message": {
                    "text": "unknown key `foo`\ndid you mean?"
                  },
                  "locations": [
                    {
                      "physicalLocation": {
                        "artifactLocation": {
                          "uri": "settings.toml",
                          "uriBaseId": "%SRCROOT%"
                        },
                        "region": {
                          "startLine": 3,
                          "startColumn": 7
                        }
                      }
                    }
                  ]
                },
                {
                  "level": "note",
                  "message": {
                    "text": "read as acme/send (the keys say so)"
                  }
                },
                {
                  "level": "note",
                  "message": {
                    "text": "3 files, 3 payloads for acme/send, 1 left out: 2 errors, 2 warnings, 1 hint"
                  }
                }
              ]
            }
          ],
          "originalUriBaseIds": {
            "%SRCROOT%": {
              "description": {
                "text": "the root of the repository"
              }
            }
          },
          "columnKind": "unicodeCodePoints",
          "results": [
            {
              "ruleId": "json/syntax",
              "ruleIndex": 0,
              "level": "error",
              "message": {
                "text": "a comma stands before the closing bracket\ntake the comma out"
              },
              "locations": [
                {
                  "physicalLocation": {
                    "artifactLocation": {
                      "uri": "broken%2C%201.json",
                      "uriBaseId": "%SRCROOT%"
                    },
                    "region": {
                      "startLine": 1,
                      "startColumn": 8,
                      "endLine": 1,
                      "endColumn": 9,
                      "byteOffset": 7,
                      "byteLength": 1
                    }
                  },
                  "logicalLocations": [
                    {
                      "fullyQualifiedName": ""
                    }
                  ]
                }
              ],
              "partialFingerprints": {
                "heraldFinding/v1": "7e6646c1c2356898cf8a7ff3fb24b96dce81550303fd8ac8e58692dc96c02ca6"
              }
            },
            {
              "ruleId": "acme/E02",
              "ruleIndex": 1,
              "level": "error",
              "message": {
                "text": "`to` is missing\nadd \"to\": a user's id"
              },
              "locations": [
                {
                  "physicalLocation": {
                    "artifactLocation": {
                      "uri": "send.json",
                      "uriBaseId": "%SRCROOT%"
                    },
                    "region": {
                      "startLine": 1,
                      "startColumn": 1,
                      "endLine": 1,
                      "endColumn": 2,
                      "byteOffset": 0,
                      "byteLength": 1
                    }
                  },
                  "logicalLocations": [
                    {
                      "fullyQualifiedName": "/to"
                    }
                  ]
                }
              ],
              "partialFingerprints": {
                "heraldFinding/v1": "9d91db1a35a9ecbf482aa11971406460d8ae6384eccb4eb50a05f319ff864876"
              }
            },
            {
              "ruleId": "acme/W07",
              "ruleIndex": 2,
              "level": "warning",
              "message": {
                "text": "odd: \u001b[2J <100%>"
              },
              "locations": [
                {
                  "physicalLocation": {
                    "artifactLocation": {
                      "uri": "send.json",
                      "uriBaseId": "%SRCROOT%"
                    },
                    "region": {
                      "startLine": 2,
                      "startColumn": 12,
                      "endLine": 2,
                      "endColumn": 23,
                      "byteOffset": 13,
                      "byteLength": 18
                    }
                  },
                  "logicalLocations": [
                    {
                      "fullyQualifiedName": "/title"
                    }
                  ]
                }
              ],
              "partialFingerprints": {
                "heraldFinding/v1": "fa17d20b94f2369c9e5294ad668cdaaddc9171101c90b37c4b586f1824529a6b"
              }
            },
            {
              "ruleId": "acme/H1",
              "ruleIndex": 3,
              "level": "note",
              "message": {
                "text": "`n` is 7"
              },
              "locations": [
                {
                  "physicalLocation": {
                    "artifactLocation": {
                      "uri": "send.json",
                      "uriBaseId": "%SRCROOT%"
                    },
                    "region": {
                      "startLine": 2,
                      "startColumn": 45,
                      "endLine": 2,
                      "endColumn": 46,
                      "byteOffset": 53,
                      "byteLength": 1
                    }
                  },
                  "logicalLocations": [
                    {
                      "fullyQualifiedName": "/content → /n"
                    }
                  ]
                }
              ],
              "partialFingerprints": {
                "heraldFinding/v1": "12b7e9639fe1eddc8451b3a0ee0d4f91751f4ec6f6a80971ebd68b43affb5281"
              }
            },
            {
              "ruleId": "acme/W07",
              "ruleIndex": 2,
              "level": "warning",
              "message": {
                "text": "odd\none\ntwo"
              },
              "locations": [
                {
                  "physicalLocation": {
                    "artifactLocation": {
                      "uri": "many.ndjson",
                      "uriBaseId": "%SRCROOT%"
                    },
                    "region": {
                      "startLine": 7,
                      "startColumn": 9,
                      "endLine": 7,
                      "endColumn": 14,
                      "byteOffset": 308,
                      "byteLength": 11
                    }
                  },
                  "logicalLocations": [
                    {
                      "fullyQualifiedName": "/user"
                    }
                  ]
                }
              ],
              "partialFingerprints": {
                "heraldFinding/v1": "db549e7e94360757f39c298d332bac7583bb1e7d5839e26fa94a018e54281a9b"
              }
            }
          ]
        }
      ]
    }
    "#);
}
