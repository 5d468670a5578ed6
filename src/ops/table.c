/* The table of layer kinds, family by family. */
#include "ops/families.h"

#define X(name) &cnn_family_##name,
const cnn_family *const cnn_families[] = {CNN_FAMILIES(X)};
#undef X

const size_t cnn_family_count = CNN_LENGTH(cnn_families);

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

const char *cnn_op_name(const cnn_op *op)
{
    return op->name;
}
