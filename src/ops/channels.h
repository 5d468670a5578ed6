/* Layers that change the channels of a map and leave its positions alone. */
#ifndef CNN_OPS_CHANNELS_H
#define CNN_OPS_CHANNELS_H

#include "ops/op.h"

/* Tells the channels that come out, by a formula of C and one or two numbers. */
void cnn_channels_tell(const cnn_site *site, const char *formula, int64_t a, int64_t b);

/* cnn_op.shape of shuffle, chpad, chcrop, and of chmean and chmax, which leave one channel. */
bool cnn_channels_shuffle(cnn_site *site);
bool cnn_channels_pad(cnn_site *site);
bool cnn_channels_crop(cnn_site *site);
bool cnn_channels_one(cnn_site *site);

/* cnn_op.first_channel of chcrop. */
int64_t cnn_channels_first(const cnn_layer *layer);

/* cnn_op.keeps_more of shuffle. */
bool cnn_channels_shuffle_keeps(const cnn_layer *layer, cnn_keeps *out);

#endif
