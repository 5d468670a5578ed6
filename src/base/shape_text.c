/* Shapes as text. */
#include "base/shape_text.h"

void cnn_out_shape(cnn_out *out, const cnn_shape *shape)
{
    if (shape->channels == 0) {
        cnn_out_char(out, '?'); /* a size that pasted text does not give */
        return;
    }
    cnn_out_int(out, shape->channels);
    for (int32_t i = 0; i < shape->axes; i++) {
        cnn_out_char(out, 'x');
        cnn_out_int(out, shape->side[i]);
    }
}

/* [channels, sides]; null where pasted text gives no size. */
void cnn_out_json_shape(cnn_out *out, const cnn_shape *shape)
{
    if (shape->channels == 0) {
        cnn_out_string(out, "null");
        return;
    }
    cnn_out_char(out, '[');
    cnn_out_int(out, shape->channels);
    for (int32_t i = 0; i < shape->axes; i++) {
        cnn_out_char(out, ',');
        cnn_out_int(out, shape->side[i]);
    }
    cnn_out_char(out, ']');
}

/* "3" where all sides are equal, "3x5" otherwise. */
void cnn_out_sides(cnn_out *out, const int64_t *side, int32_t count)
{
    bool equal = true;
    for (int32_t i = 1; i < count; i++) {
        equal = equal && side[i] == side[0];
    }
    cnn_out_int(out, side[0]);
    for (int32_t i = 1; i < count && !equal; i++) {
        cnn_out_char(out, 'x');
        cnn_out_int(out, side[i]);
    }
}

void cnn_out_input(cnn_out *out, cnn_text label, const cnn_shape *shape)
{
    static const char *const axes[] = {"vector ", "1d ", "", "3d "};
    cnn_out_string(out, "input ");
    cnn_out_text(out, label);
    cnn_out_string(out, label.size > 0 ? " " : "");
    cnn_out_string(out, shape->channels > 0 ? axes[shape->axes] : "");
    cnn_out_shape(out, shape);
    cnn_out_char(out, '\n');
}
