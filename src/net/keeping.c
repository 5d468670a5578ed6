/* Sums of what training keeps. */
#include "net/keeping.h"

void cnn_keeping_add_own(cnn_keeping *k, const cnn_keeps *keeps)
{
    cnn_keeps *sums = &k->sums;
    cnn_keeping_add(k, keeps->copied, &sums->values);
    cnn_keeping_add(k, keeps->values, &sums->values);
    cnn_keeping_add(k, keeps->masks, &sums->masks);
    cnn_keeping_add(k, keeps->statistics, &sums->statistics);
    cnn_keeping_add(k, keeps->indices, &sums->indices);
    cnn_keeping_add(k, keeps->once, &sums->once);
    cnn_keeping_add(k, keeps->bytes, &sums->bytes);
}

cnn_kept_value *cnn_keeping_rest(cnn_keeping *k, cnn_kept_value *in, cnn_kept_value *out,
                                 int64_t channels)
{
    cnn_keeps own = {.storages = out->storages};
    if (out->wants) {
        cnn_keeps_count(out->values, channels, &own);
        cnn_keeping_add(k, own.masks, &k->sums.masks);
        cnn_keeping_add(k, own.indices, &k->sums.indices);
        cnn_keeping_add(k, own.once, &k->sums.once);
    }
    if (out->wants && (own.storages & CNN_KEEPS_EITHER) != 0) {
        cnn_keeping_mark_either(k, out->home);
    }
    if ((own.storages & CNN_KEEPS_PLACE) == 0) {
        return out;
    }
    out->home = in->home;
    return in;
}
