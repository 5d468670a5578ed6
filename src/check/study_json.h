/* Causes of a wrong claim as JSON, as docs/json.md explains the keys. */
#ifndef CNN_CHECK_STUDY_JSON_H
#define CNN_CHECK_STUDY_JSON_H

#include "base/json.h"
#include "check/check.h"

/* "mistakes": for each cause a list of what they are and where. */
void cnn_mistakes_json(cnn_json *json, const cnn_claim *claim);

/* "causes", the "question" that would tell the first two apart, and the "lines" of the right
 * working. *questions: asked so far. */
void cnn_study_json(const cnn_checked *checked, cnn_json *json, const cnn_claim *claim,
                    int32_t *questions);

#endif
