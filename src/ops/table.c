/* The table of layer kinds, family by family. */
#include "ops/families.h"

const cnn_family *const cnn_families[] = {
    &cnn_family_conv,       &cnn_family_dense, &cnn_family_pool, &cnn_family_norm,
    &cnn_family_activation, &cnn_family_shape, &cnn_family_join,
};

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
