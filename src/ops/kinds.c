/* The table of layer kinds, family by family. */
#include "ops/families.h"

#define X(name) &cnn_family_##name,
const cnn_family *const cnn_families[] = {CNN_FAMILIES(X)};
#undef X

const size_t cnn_family_count = CNN_LENGTH(cnn_families);

/* By the place of the entry in memory: kinds are constant and exist once. */
size_t cnn_op_family(const cnn_op *op)
{
    size_t at = 0;
    for (; at < cnn_family_count; at++) {
        for (size_t i = 0; i < cnn_families[at]->count; i++) {
            if (op == &cnn_families[at]->ops[i]) {
                return at;
            }
        }
    }
    return at;
}

static bool is_named(const cnn_op *op, cnn_text name)
{
    return cnn_text_is(name, op->name) || cnn_text_among(name, op->aliases);
}

/* One word after another: readers of lists have a perfect hash instead, see lang/words.h. */
const cnn_op *cnn_op_find(cnn_text name)
{
    for (size_t i = 0; i < cnn_family_count; i++) {
        for (size_t k = 0; k < cnn_families[i]->count; k++) {
            if (is_named(&cnn_families[i]->ops[k], name)) {
                return &cnn_families[i]->ops[k];
            }
        }
    }
    return NULL;
}

const char *cnn_op_name(const cnn_op *op)
{
    return op->name;
}
