/*
 * The language, rule by rule: lists that are accepted, with the totals they come to, and lists that
 * are refused, with the error and its place. Totals are worked out by hand from the formulas of
 * docs/language.md, and by tests/naive/naive.py, which shares no code with the library.
 */
#include "support.h"

static void accepted(void **state)
{
    (void)state;
    static const struct {
        const char *input, *layers, *output;
        int64_t params, macs;
    } rows[] = {
        /* ---- the program and its breaks ---- */
        {"", "conv3-64,maxpool,FC-4096", "4096", 3288340224, 3375038464},
        /* by line ends */
        {"", "conv3-64\nmaxpool\nFC-4096", "4096", 3288340224, 3375038464},
        /* CRLF */
        {"",
         "conv3-64\r\n"
         "maxpool\r\n"
         "FC-4096\r\n",
         "4096", 3288340224, 3375038464},
        /* by semicolons */
        {"", "conv3-64;maxpool;FC-4096", "4096", 3288340224, 3375038464},
        /* breaks pile up around one comma; the last one may stay */
        {"",
         ";;\n"
         " conv3-64 ;\n"
         "\n"
         ", ;maxpool,\n"
         "\n",
         "64x112x112", 1792, 86704128},
        {"", "# a comment\nconv3-8 # another, with ) ( , | @\n# and more", "8x224x224", 224,
         10838016},
        /* tabs */
        {"", "\tconv3-8\t,\t relu", "8x224x224", 224, 10838016},
        /* case */
        {"", "CONV3-8,ReLU,Fc-10,SOFT-MAX", "10", 4014314, 14852096},
        /* a byte order mark */
        {"",
         "\xEF\xBB\xBF"
         "conv3-8",
         "8x224x224", 224, 10838016},
        /* U+00D7 is x */
        {"",
         "conv3\xC3\x97"
         "3-8 s2\xC3\x97"
         "2,2\xC3\x97"
         "relu",
         "8x112x112", 224, 2709504},
        /* ---- the input ---- */
        /* NxN, RGB */
        {"", "input 32\nconv1-4", "4x32x32", 16, 12288},
        {"", "input: 32\nconv1-4", "4x32x32", 16, 12288},
        {"", "input = 32\nconv1-4", "4x32x32", 16, 12288},
        {"", "input(32)\nconv1-4", "4x32x32", 16, 12288},
        {"", "input (224 x 224 RGB image)\nconv3-64", "64x224x224", 1792, 86704128},
        /* one channel */
        {"", "input 28 gray;conv1-4", "4x28x28", 8, 3136},
        {"", "input 28x20 grey images;conv1-4", "4x28x20", 8, 2240},
        /* C x H x W */
        {"", "INPUT 5x28x20,conv1-4", "4x28x20", 24, 11200},
        {"", "input vector 784;FC-10", "10", 7850, 7840},
        {"", "input vector784;FC-10", "10", 7850, 7840},
        /* not turned round: 3x3 */
        {"", "input 16x3x3,relu", "16x3x3", 0, 0},
        /* below 16 it is taken as written */
        {"", "input 15x15x3,relu", "15x15x3", 0, 0},
        {"", "input 100x1x1,relu", "100x1x1", 0, 0},
        {"", "input 64x8x4,relu", "64x8x4", 0, 0},
        /* the setting wins over the list */
        {"8x4x4", "input 224\nrelu", "8x4x4", 0, 0},
        {"28 gray", "conv1-4", "4x28x28", 8, 3136},
        {"7x9", "conv1-4", "4x7x9", 16, 756},
        /* 3x224x224 when nobody says */
        {"", "relu", "3x224x224", 0, 0},
        /* ---- convolutions ---- */
        /* ResNet */
        {"3x224x224", "conv7-64 s2 p3", "64x112x112", 9472, 118013952},
        /* AlexNet: 55 */
        {"3x227x227", "conv11-96 s4 valid", "96x55x55", 34944, 105415200},
        /* same: the size stays */
        {"3x224x224", "conv3-64", "64x224x224", 1792, 86704128},
        /* same: ceil(7/2) = 4 */
        {"3x7x7", "conv3-8 s2", "8x4x4", 224, 3456},
        /* even kernel, same: 4 */
        {"3x8x8", "conv2-8 s2", "8x4x4", 104, 1536},
        /* even kernel, same: ceil(7/4) = 2 */
        {"3x7x7", "conv4-8 s4", "8x2x2", 392, 1536},
        /* ConvNeXt's stem: floor(3/4) + 1 = 1 */
        {"3x7x7", "conv4-8/4 p0", "8x1x1", 392, 384},
        /* DCGAN: 32 */
        {"3x64x64", "conv4-64/2 p1", "64x32x32", 3136, 3145728},
        /* rows and columns apart: 30 x floor((48+2-5)/2)+1 = 23 */
        {"3x32x48", "conv3x5-8 s1x2 p0x1", "8x30x23", 368, 248400},
        /* dilated: 32 */
        {"3x32x32", "conv3-8 d2 p2", "8x32x32", 224, 221184},
        /* extent 5: 28 */
        {"3x32x32", "conv3-8 d2 p0", "8x28x28", 224, 169344},
        {"3x32x32", "conv3-8 d2x1 p0", "8x28x30", 224, 181440},
        /* 3*3*2*8 */
        {"4x8x8", "conv3-8 g2 p0 b0", "8x6x6", 144, 5184},
        /* long words */
        {"4x8x8", "conv3-8 groups4 dilation2 stride2 padding2 bias0", "8x4x4", 72, 1152},
        {"4x8x8", "conv3-8 group2 pad1", "8x8x8", 152, 9216},
        /* words and numbers split at their boundary */
        {"3x8x8", "conv3-64s2p1x3b0", "64x4x6", 1728, 41472},
        {"3x8x8", "conv3-64 same s2", "64x4x4", 1792, 27648},
        /* blanks do not matter */
        {"3x8x8", "conv 3 - 64 s 2 p 1 x 3 b 0", "64x4x6", 1728, 41472},
        /* a slash is a stride */
        {"3x8x8", "conv3-8/2", "8x4x4", 224, 3456},
        {"3x8x8", "conv3-8/2x1", "8x4x8", 224, 6912},
        /* the kernel just fits: 1x1 */
        {"3x5x5", "conv5-2 p0", "2x1x1", 152, 150},
        /* by its padding */
        {"3x3x3", "conv5-2 p1", "2x1x1", 152, 150},
        /* as many channels */
        {"8x6x6", "dwconv3", "8x6x6", 80, 2592},
        /* a multiple of them */
        {"8x6x6", "dwconv3-16 s2", "16x3x3", 160, 1296},
        {"8x6x6", "dwconv3x5 b0 d2 p2x4", "8x6x6", 120, 4320},
        /* same: in * s */
        {"4x5x5", "deconv2-8 s2", "8x10x10", 136, 3200},
        /* (5-1)*2 - 2 + 4 = 10 */
        /* op0 is what holds without it; 128 weights at 25 places */
        {"4x5x5", "deconv2-8 s3 op0", "8x15x15", 136, 3200},
        {"6x7x15", "DECONV2X2-30OP0", "30x7x15", 750, 75600},
        {"4x5x5", "deconv4-8 s2 p1", "8x10x10", 520, 12800},
        /* 10 */
        {"4x5x5", "deconv3-8 s2 p1 op1", "8x10x10", 296, 7200},
        /* 11 */
        {"4x5x5", "convT3-8 s2 p0", "8x11x11", 296, 7200},
        /* 5 - 1 + 5 = 9 */
        {"4x5x5", "deconv3-8 g4 d2 p0", "8x9x9", 80, 1800},
        /* op below the dilation */
        {"4x5x5", "deconv3-8 p0 op1 d2", "8x10x10", 296, 7200},
        {"4x5x5", "deconv3x2-8 s2x1 p1x0 b0", "8x9x6", 192, 4800},
        /* ---- FC ---- */
        /* VGG: 512*7*7*4096 + 4096 */
        {"512x7x7", "FC-4096", "4096", 102764544, 102760448},
        {"vector100", "FC-10 b0", "10", 1000, 1000},
        {"2x3x4", "linear-5", "2x3x5", 25, 120},
        {"vector4", "fc-3", "3", 15, 12},
        /* ---- pooling ---- */
        /* 2, stride 2 */
        {"3x8x8", "maxpool", "3x4x4", 0, 0},
        /* stride = kernel */
        {"3x9x9", "maxpool3", "3x3x3", 0, 0},
        /* AlexNet: 27 */
        {"3x55x55", "maxpool3/2", "3x27x27", 0, 0},
        /* ResNet: 56 */
        {"3x112x112", "maxpool3/2 p1", "3x56x56", 0, 0},
        /* GoogLeNet: 56 */
        {"3x112x112", "maxpool3/2 ceil", "3x56x56", 0, 0},
        /* 3 */
        {"3x5x5", "maxpool2 ceil", "3x3x3", 0, 0},
        /* (3-1)*3 >= 4+1: the last window would start in the padding: 2 */
        {"3x4x4", "maxpool2s3p1 ceil", "3x2x2", 0, 0},
        /* with ceil a window may exceed the input: 1 */
        {"3x2x2", "maxpool3 s2 ceil", "3x1x1", 0, 0},
        /* ceil(7/3) = 3 */
        {"3x7x7", "pool3 same", "3x3x3", 0, 0},
        {"3x7x7", "max-pool3/1 same", "3x7x7", 0, 0},
        {"3x7x9", "avg-pool2x3 s1x2 valid", "3x6x4", 0, 0},
        /* extent 5: 3 */
        {"3x7x7", "maxpool3 d2 s1", "3x3x3", 0, 0},
        /* padding at most half the kernel, whatever the dilation: 7+2-7+1 = 3 */
        {"3x7x7", "maxpool3 d3 p1 s1", "3x3x3", 0, 0},
        {"3x8x8", "avgpool2 ceil", "3x4x4", 0, 0},
        {"3x7x7", "gap,gmp", "3x1x1", 0, 0},
        {"3x7x7", "aap", "3x1x1", 0, 0},
        {"3x7x7", "aap3x2,amp9", "3x9x9", 0, 0},
        /* ---- norms and parameters of channels ---- */
        /* 2C */
        {"6x4x4", "bn", "6x4x4", 12, 0},
        {"6x4x4", "batch-norm,batchnorm", "6x4x4", 24, 0},
        {"6x4x4", "ln,layer-norm", "6x4x4", 24, 0},
        /* 2C, 32 groups */
        {"64x4x4", "gn", "64x4x4", 128, 0},
        {"6x4x4", "gn3,group-norm2", "6x4x4", 24, 0},
        /* none */
        {"6x4x4", "in,instance-norm", "6x4x4", 0, 0},
        /* C each */
        {"6x4x4", "scale,bias", "6x4x4", 12, 0},
        /* C, C, 1 */
        {"6x4x4", "prelu,prelu6,prelu1", "6x4x4", 13, 0},
        /* a vector has channels too */
        {"vector8", "bn,ln,scale,bias,prelu", "8", 56, 0},
        /* (16+1)*4 + (4+1)*16 */
        {"16x4x4", "se-4", "16x4x4", 148, 128},
        /* 16*4 + 4*16 */
        {"16x4x4", "se-4 b0", "16x4x4", 128, 128},
        {"16x4x4", "se-(c/4)", "16x4x4", 148, 128},
        /* ---- functions ---- */
        {"3x4x4",
         "relu,relu6,relu 6,lrelu,leaky-relu,elu,selu,gelu,silu,swish,hswish,hard-swish,mish",
         "3x4x4", 0, 0},
        {"3x4x4", "sigmoid,hsigmoid,hard-sigmoid,tanh,softplus,softmax,soft-max,id", "3x4x4", 0, 0},
        {"3x4x4", "LRN,lrn5,LRN 3", "3x4x4", 0, 0},
        {"3x4x4",
         "dropout,dropout0.5,dropout0,dropout1,dropout1.0,droppath0.1,droppath(1),dropout(0)",
         "3x4x4", 0, 0},
        /* ---- shapes ---- */
        /* 60 */
        {"3x4x5", "flatten", "60", 0, 0},
        {"3x4x5", "reshape 5x4x3", "5x4x3", 0, 0},
        {"vector60", "reshape3x4x5,conv1-2", "2x4x5", 8, 120},
        {"3x4x5", "upsample2,upsample3x1", "3x24x10", 0, 0},
        {"3x4x5", "resize7,resize 2x9", "3x2x9", 0, 0},
        {"3x4x5", "crop3,crop 1x2", "3x1x2", 0, 0},
        /* as large as it was */
        {"3x4x5", "crop4x5", "3x4x5", 0, 0},
        /* (4+2) x (5+2), then 6 x 11 */
        {"3x4x5", "pad1,pad0x2,pad0", "3x6x11", 0, 0},
        {"6x4x5", "shuffle3", "6x4x5", 0, 0},
        /* 8/4 x 8 x 10 */
        {"8x4x5", "pixshuf2", "2x8x10", 0, 0},
        {"3x4x5", "chpad-8,chpad-8", "8x4x5", 0, 0},
        /* PyTorch: x.permute(0, 2, 3, 1), Linear(3, 7), LayerNorm(7), LayerNorm([5, 7]) */
        {"3x4x5", "permute2x3x1,linear-7,ln1,ln2", "4x5x7", 28 + 14 + 70, 420},
        {"3x4x5", "ln3,ln1 a0", "3x4x5", 120, 0},
        {"1d 3x4", "permute2x1,ln1", "4x3", 6, 0},
        {"3x4x5", "reshape 3x20,conv3-2 p0", "2x18", 20, 324},
        {"7x4x5", "chcrop2+1,chcrop1", "2x4x5", 0, 0},
        {"vector7", "chcrop0+3,chmean", "1", 0, 0},
        {"3x4x5", "cat(chmean | chmax),conv7-1 b0", "1x4x5", 98, 1960},
        {"3x4x5", "prelu all", "3x4x5", 60, 0},
        /* ---- repeats and groups ---- */
        {"3x8x8", "3*conv3-4", "4x8x8", 408, 25344},
        /* the x of a repeat */
        {"3x8x8", "3xconv3-4", "4x8x8", 408, 25344},
        {"3x8x8", "3 x conv3-4, 2 * relu", "4x8x8", 408, 25344},
        {"3x8x8", "2x(conv3-4,relu)", "4x8x8", 260, 16128},
        /* 2 times 3 */
        {"3x8x8", "2*3*(relu)", "3x8x8", 0, 0},
        {"3x8x8", "2x(3x(conv1-3,relu),relu)", "3x8x8", 72, 3456},
        /* ---- one and three axes, PyTorch 1.13: Conv1d(4, 16, 9, 4), Conv3d(3, 8, 3, padding=1)
           ---- */
        {"1d 4x1000", "conv9-16 s4 p0", "16x248", 592, 142848},
        {"3d 3x4x8x8", "conv3-8", "8x4x8x8", 656, 165888},
        {"3d 3x16x224x224", "conv3x5x5-16 s1x2x2 p1x2x2 b0", "16x16x112x112", 3600, 722534400},
        {"1d 100 mono", "maxpool2,deconv4-2 s2,gap,FC-3", "3", 10 + 9, 400 + 6},
        {"3d 8 gray", "avgpool2,upsample2,aap2,flatten,bn", "8", 16, 0},
        {"2d 3x8x8", "relu", "3x8x8", 0, 0},
        {NULL, "input 1d 4x100\nconv3-8 p2+0, relu", "8x100", 104, 9600},
        /* ---- padding at each end: 8 + 0 + 1, 8 + 0 + 2 ---- */
        {"3x8x8", "pad0+1x0+2", "3x9x10", 0, 0},
        {"3x8x8", "crop1+2", "3x5x5", 0, 0},
        {"1x8x8", "conv3-1 p2+0", "1x8x8", 10, 576},
        {"1x8x8", "maxpool3 s1 p2+0", "1x8x8", 0, 0},
        {"1x8x8", "deconv3-1 s2 p0+1", "1x16x16", 10, 576},  /* 7*2 - 1 + 3 */
        {"8x9x9", "conv3-4 p0+1x2+2", "4x8x11", 292, 25344}, /* 4*8*9*8*11 */
        {"8x9x9", "maxpool3 s1 p2+2", "8x11x11", 0, 0},
        {"8x9x9", "crop1+1, crop0+2x1+1", "8x5x5", 0, 0},
        /* ---- several inputs: 3*8*9 + 8, 8*9 + 8, 16*10 + 10 ---- */
        {NULL,
         "input left 3x32x32; input right 1x16x16; cat(conv3-8,gap | @right,conv3-8,gap); FC-10",
         "10", 474, 239776},
        {NULL, "n = 4; input 3x8x8; conv1-n", "4x8x8", 16, 768},
        {"1x32x32", "pixunshuf2, conv3-1", "1x16x16", 37, 9216},
        {"4x8x6", "pixunshuf2, pixshuf2", "4x8x6", 0, 0},
        {"1d 16x20", "pixshuf4", "4x80", 0, 0}, /* as many values: 16*20 = 4*80 */
        {"1d 6x8", "pixshuf3, pixunshuf3", "6x8", 0, 0},
        {"3d 16x2x3x4", "pixshuf2", "2x4x6x8", 0, 0}, /* 16*24 = 2*192 */
        {"3x8x8", "maxpool3 d2", "3x2x2", 0, 0}, /* 8/3 of an extent of 5: (8 - 5)/3 + 1 */
        /* none at all */
        {"3x8x8", "0*conv3-4", "3x8x8", 0, 0},
        {"3x8x8", "0*(conv3-4,relu),relu", "3x8x8", 0, 0},
        /* parentheses before a * hold a number */
        {"3x8x8", "(1+1)*relu", "3x8x8", 0, 0},
        /* others a group */
        {"3x8x8", "(conv3-4,relu)", "4x8x8", 112, 6912},
        /* where a line end is a break */
        {"3x8x8",
         "(\n"
         "conv3-4\n"
         "relu\n"
         ")",
         "4x8x8", 112, 6912},
        /* c is what enters the group */
        {"3x8x8", "(conv3-(2*c), conv3-(2*c))", "6x8x8", 498, 31104},
        /* and at the top what enters the network */
        {"3x8x8", "conv3-(2*c), conv3-(2*c)", "6x8x8", 498, 31104},
        /* 4 enter this group */
        {"3x8x8", "conv3-4, (conv3-(2*c))", "8x8x8", 408, 25344},
        /* ---- expressions ---- */
        /* 14 */
        {"3x8x8", "conv3-(2+3*4)", "14x8x8", 392, 24192},
        /* 20 */
        {"3x8x8", "conv3-((2+3)*4)", "20x8x8", 560, 34560},
        /* left to right: 1 */
        {"3x8x8", "conv3-(20/4/5)", "1x8x8", 28, 1728},
        /* 5 */
        {"3x8x8", "conv3-(10-3-2)", "5x8x8", 140, 8640},
        {"3x8x8", "conv3-(7-2*3)", "1x8x8", 28, 1728},
        /* a line end in parentheses is a blank */
        {"3x8x8", "conv3-(4\n*2)", "8x8x8", 224, 13824},
        /* 144 */
        {"3x8x6", "conv3-(c*h*w)", "144x8x6", 4032, 186624},
        {"3x8x8", "conv(1+2)-8 s(4/2) p(3-2)", "8x4x4", 224, 3456},
        {"3x8x8", "conv(1)x(2+1)-8", "8x8x8", 80, 4608},
        /* a bare name */
        {"3x8x8", "conv3-c", "3x8x8", 84, 5184},
        {"3x8x6", "resize(h/2)x(w/2)", "3x4x3", 0, 0},
        /* h of a vector is 1 */
        {"vector5", "FC-(2*c),FC-h", "1", 71, 60},
        /* ---- definitions ---- */
        {"3x8x8", "n=8\nconv3-n", "8x8x8", 224, 13824},
        {"3x8x8", "n = 2*4; conv3-n, n*relu", "8x8x8", 224, 13824},
        {"3x8x8", "n=4\nm=n*n\nconv3-m", "16x8x8", 448, 27648},
        {"3x8x8",
         "n=(\n"
         "2\n"
         "+2)\n"
         "conv3-n",
         "4x8x8", 112, 6912},
        /* a body of several layers */
        {"3x8x8", "f=conv3-4,relu\nf,f", "4x8x8", 260, 16128},
        /* a line that ends in = or , goes on */
        {"3x8x8",
         "f =\n"
         " conv3-4,\n"
         " relu\n"
         "f",
         "4x8x8", 112, 6912},
        {"3x8x8", "f(n)=conv3-n\nf(4),f(8)", "8x8x8", 408, 25344},
        {"3x8x8", "f(n,k=3)=conv(k)-n\nf(4),f(4,1),f(n=2,k=5),f(2,k=1)", "2x8x8", 340, 20992},
        /* a default sees the parameters before it */
        {"3x8x8", "f(n,m=2*n)=conv3-n,conv3-m\nf(4)", "8x8x8", 408, 25344},
        /* a default is evaluated where it is used: c = 3 enters f */
        {"3x8x8", "f(n,q=se-(c))=conv3-n,q\nf(4)", "4x8x8", 143, 6936},
        /* layers as values */
        {"3x8x8", "f(x)=conv3-8,x\nf(relu),f((bn,relu)),f(2*relu)", "8x8x8", 1408, 87552},
        /* handed on */
        {"3x8x8", "f(x)=add(x|id)\ng(y)=f(y)\ng(conv3-c)", "3x8x8", 84, 5184},
        /* a count */
        {"3x8x8", "f(n)=n*relu\nf(3)", "3x8x8", 0, 0},
        /* a count of 0 */
        {"3x8x8", "f(num)=relu,(num-1)*relu\nf(1)", "3x8x8", 0, 0},
        /* case */
        {"3x8x8", "f(n)=conv3-n s2\nF(4)", "4x4x4", 112, 1728},
        /* a call without values */
        {"3x8x8", "f=relu\nf()", "3x8x8", 0, 0},
        /* s as a name does not clash with s(s) */
        {"3x8x8", "f(s)=conv3-4 s(s)\nf(2)", "4x4x4", 112, 1728},
        {"3x8x8", "f(k,n,g,p,d,b)=conv(k)-n g(g) p(p) d(d) b(b)\nf(3,6,3,1,1,0)", "6x8x8", 54,
         3456},
        {"3x8x8", "neck_1 = conv1-4\nneck_1", "4x8x8", 16, 768},
        {"3x8x8", "_a=relu\n_a", "3x8x8", 0, 0},
        /* a closure keeps the c of the call: 3 */
        {"3x8x8", "f(x)=conv3-4,x\nf(conv3-c)", "3x8x8", 223, 13824},
        /* a name behind the minus */
        {"3x8x8", "lu=4\nse-lu", "3x8x8", 31, 24},
        {"3x8x8", "unused(x)=conv3-9,x\nrelu", "3x8x8", 0, 0},
        {"3x8x8", "f(a)=a\nf(f(conv3-4))", "4x8x8", 112, 6912},
        /* a parameter wins over a joined word */
        {"3x8x8", "most=4\nconv3-most", "4x8x8", 112, 6912},
        /* ---- labels and taps ---- */
        {"3x8x8", "a:conv3-4,relu", "4x8x8", 112, 6912},
        {"3x8x8", "3a: conv3-4, 4.1:relu, _x: relu", "4x8x8", 112, 6912},
        /* 4 + 4 */
        {"3x8x8", "a:conv3-4,cat(@a|id)", "8x8x8", 112, 6912},
        /* the later one: 5 + 5 */
        {"3x8x8", "a:conv3-4,a:conv3-5,cat(@a|id)", "10x8x8", 297, 18432},
        /* 3 + 4 */
        {"3x8x8", "conv3-4,cat(@input|id)", "7x8x8", 112, 6912},
        {"3x8x8", "maxpool,resize@input", "3x8x8", 0, 0},
        {"3x8x8", "a:maxpool,upsample3,crop@a", "3x4x4", 0, 0},
        /* case */
        {"3x8x8", "A:conv3-4,cat(@a|id)", "8x8x8", 112, 6912},
        /* a tap as a value */
        {"3x8x8", "f(x)=cat(x|id)\na:conv3-4\nf(@a)", "8x8x8", 112, 6912},
        /* at the head of a call at the head */
        {"3x8x8", "f(x)=x,conv3-2\na:conv3-4\ncat(f(@a)|id)", "6x8x8", 186, 11520},
        /* of a group, of a label */
        {"3x8x8", "a:conv3-4\ncat((@a)|b:@a|id)", "12x8x8", 112, 6912},
        /* a body's labels are its own; the outer a has 5 */
        {"3x8x8", "f=a:conv3-4,cat(@a|id)\na:conv3-5\nf,cat(@a|id)", "13x8x8", 324, 20160},
        /* the closure's labels are the caller's */
        {"3x8x8", "u(n,skip)=u:deconv2-n s2,cat(skip,crop@u|id)\nd:conv3-4,maxpool\nu(2,@d)",
         "6x8x8", 146, 7424},
        {"3x8x8", "a:(conv3-4,relu),add(@a|id)", "4x8x8", 112, 6912},
        {"3x8x8", "2*a:conv3-4,add(@a|id)", "4x8x8", 260, 16128},
        /* two labels */
        {"3x8x8", "a:b:relu,cat(@a|@b)", "6x8x8", 0, 0},
        {"3x8x8", "conv3-4,aux(@input,conv1-2)", "4x8x8", 120, 6912},
        /* ---- joins ---- */
        {"16x8x8", "add(conv3-c|id)", "16x8x8", 2320, 147456},
        {"16x8x8", "add(conv3-16|conv1-16|id),relu", "16x8x8", 2592, 163840},
        /* as se-4 */
        {"16x8x8", "mul(id|gap,conv1-4,relu,conv1-16,sigmoid)", "16x8x8", 148, 128},
        /* a channel of 1 is stretched */
        {"16x8x8", "mul(id|conv1-1)", "16x8x8", 17, 1024},
        /* a vector counts as Cx1x1 */
        {"16x8x8", "mul(id|gap,FC-16)", "16x8x8", 272, 256},
        {"16x8x8", "mul(conv1x1-16,maxpool8|id)", "16x8x8", 272, 16384},
        /* 15 */
        {"16x8x8", "cat(conv1-4|conv3-5|maxpool3s1p1,conv1-6)", "15x8x8", 895, 56320},
        /* vectors: 7 */
        {"16x8x8", "cat(gap,FC-3|gap,FC-4)", "7", 119, 112},
        {"16x8x8", "split(id|conv3-8)", "16x8x8", 584, 36864},
        /* c is a quarter: 4; 4+4+4+8 */
        {"16x8x8", "split(id|conv3-c|id|conv1-(2*c))", "20x8x8", 188, 11264},
        {"16x8x8", "split(id|conv3-(c))", "16x8x8", 584, 36864},
        /* c of the branch, not of the definition */
        {"16x8x8", "f(n,s)=conv3-n s(s)\nsplit(id|f(c,1)),shuffle2", "16x8x8", 584, 36864},
        {"16x8x8", "add(add(conv3-16|id)|mul(id|gap))", "16x8x8", 2320, 147456},
        {"16x8x8", "add ( conv3-16 \n relu | id )", "16x8x8", 2320, 147456},
        /* a branch of nothing */
        {"16x8x8", "add(0*conv3-4|id)", "16x8x8", 0, 0},
        /* ---- aux ---- */
        /* parameters with the head, MACs without */
        {"16x8x8", "aux(gap,FC-10),conv3-4", "4x8x8", 750, 36864},
        /* nested: recorded once */
        {"16x8x8", "aux(conv3-4,aux(FC-5)),relu", "16x8x8", 1865, 0},
        {"16x8x8", "add(aux(conv1-3),conv3-16|id)", "16x8x8", 2371, 147456},
        /* ---- networks of the language reference ---- */
        /* ResNet-50: 25,557,032 */
        {"3x224x224",
         "body(n, s)  = conv1-n b0, bn, relu, conv3-n s(s) b0, bn, relu, conv1-(4*n) b0, bn\n"
         "neck(n)     = add(body(n, 1) | id), relu\n"
         "first(n, s) = add(body(n, s) | conv1-(4*n) s(s) b0, bn), relu\n"
         "conv1:  (conv7-64/2 b0, bn, relu, maxpool3/2 p1)\n"
         "layer1: (first(64, 1), 2*neck(64))\n"
         "layer2: (first(128, 2), 3*neck(128))\n"
         "layer3: (first(256, 2), 5*neck(256))\n"
         "layer4: (first(512, 2), 2*neck(512))\n"
         "gap, FC-1000",
         "1000", 25557032, 4089184256},
        /* Inception 3a: 256x28x28 */
        {"192x28x28",
         "cat(conv1-64 | conv1-96,conv3-128 | conv1-16,conv5-32 | maxpool3s1p1,conv1-32)",
         "256x28x28", 163696, 128049152},
        /* DenseNet */
        {"64x56x56", "cat(id | bn,relu,conv1-128 b0,bn,relu,conv3-32 b0)", "96x56x56", 45440,
         141295616},
        /* ConvNeXt */
        {"96x56x56", "add(id | dwconv7, ln, conv1-(4*c), gelu, conv1-c, scale)", "96x56x56", 79296,
         245962752},
        /* MobileNet v2 */
        {"32x112x112",
         "mb(t,k,s,n)=conv1-(t*c) b0,bn,relu6,dwconv(k) s(s) b0,bn,relu6,conv1-n "
         "b0,bn\nrow(t,k,s,n,num) = mb(t,k,s,n), (num-1)*add(mb(t,k,1,n) | "
         "id)\nrow(1,3,1,16,1),row(6,3,2,24,2)",
         "24x56x56", 15952, 77822976},
        /* ASPP */
        {"2048x33x33",
         "n=256\ncat(conv1-n | conv3-n d12 | conv3-n d24 | gap,conv1-n,resize(h)x(w)), conv1-n",
         "256x33x33", 10749184, 11134042112},
        /* the short cut of CIFAR ResNets, option A */
        {"64x32x32", "maxpool1/2, chpad-128", "128x16x16", 0, 0},
        /* U-Net */
        {"3x32x32",
         "two(n)=conv3-n,relu,conv3-n,relu\nup(n, skip) = u: deconv2-n s2, cat(skip, crop@u | id), "
         "two(n)\na: two(8), maxpool, two(16), up(8, @a)",
         "8x32x32", 6560, 3596288},
        /* ---- the growth: sizes and parameters as PyTorch 1.13 has them, MACs by hand ---- */
        {"4x9x9", "bn a0", "4x9x9", 0, 0},
        {"4x9x9", "in a1", "4x9x9", 8, 0},
        {"4x9x9", "gn2 a0", "4x9x9", 0, 0},
        {"4x9x9", "ln all", "4x9x9", 648, 0},
        {"4x9x9", "ln all a0", "4x9x9", 0, 0},
        {"4x9x9", "linear-10", "4x9x10", 100, 3240}, /* 4*9 rows of 9*10 */
        {"1d 4x9", "linear-10 b0", "4x10", 90, 360},
        {"3d 4x2x3x9", "linear-10 b0", "4x2x3x10", 90, 2160},
        {"vector 9", "linear-10", "10", 100, 90},
        {"4x9x9", "sepconv3-6", "6x9x9", 66, 4860}, /* (4*9 + 4*6)*81 */
        {"4x9x9", "sepconv3-6 b0 s2", "6x5x5", 60, 1500},
        {"4x9x9", "maxpool3 s2,maxunpool3 s2", "4x9x9", 0, 0},
        {"4x9x9", "deformconv3-6", "6x9x9", 888, 69984}, /* (4*18*9 + 4*6*9)*81 */
        {"3x224x224", "conv7-64 s2 same=tf", "64x112x112", 9472, 118013952},
        {"3x7x7", "maxpool3 s2 same=tf", "3x4x4", 0, 0},
        /* shared weights: 8*8*9 + 8, three times the work */
        {"8x16x16", "a: conv3-8,reuse(a),reuse(a)", "8x16x16", 584, 442368},
        {"8x16x16", "a: conv3-8,2*reuse(a)", "8x16x16", 584, 442368},
        /* the MLP of CBAM (Woo et al. 2018): 64*4 + 4*64 weights, used for both poolings */
        {"64x8x8", "mul(id | add(gap,a: (conv1-4 b0,relu,conv1-64 b0) | gmp,reuse(a)),sigmoid)",
         "64x8x8", 512, 1024},
        {"8x4x4", "a: add(conv3-8,bn | id),reuse(a)", "8x4x4", 600, 18432},
        {"8x4x4", "f(x)=a: x,reuse(a)\nf(conv1-8)", "8x4x4", 72, 2048},
        {"8x4x4", "a: conv1-(c),(conv1-16,conv1-8,reuse(a))", "8x4x4", 352, 6144},
        /* frozen layers count as any others */
        {"3x8x8", "frozen(conv3-8,relu),FC-10", "10", 5354, 18944},
        {"8x4x4", "add(frozen(conv3-8) | id),frozen(add(conv1-8 | id))", "8x4x4", 656, 10240},
        {"8x4x4", "a: frozen(conv1-8),reuse(a)", "8x4x4", 72, 2048},
        /* ---- fractions; MobileNet v2's rounding by its authors' code ---- */
        {"3x8x8", "m=1.4\nconv1-(to8(m*64)) b0", "88x8x8", 264, 16896},
        {"3x8x8", "conv1-(to8(32*0.35)) b0", "16x8x8", 48, 3072},
        {"3x8x8", "conv1-(to8(0.35*24)) b0", "8x8x8", 24, 1536},
        {"3x8x8", "conv1-(to8(12)) b0", "16x8x8", 48, 3072}, /* a tie goes up */
        {"3x8x8", "conv1-(to8(18)) b0", "24x8x8", 72, 4608}, /* 16 is below 90 % */
        {"3x8x8", "conv1-(to8(0.1)) b0", "8x8x8", 24, 1536},
        {"3x8x8", "conv1-(c/2*2) b0", "3x8x8", 9, 576},
        {"3x8x8", "conv1-(round(2.5)) b0", "3x8x8", 9, 576},
        {"3x8x8", "conv1-(floor(7/2)) b0", "3x8x8", 9, 576},
        {"3x8x8", "conv1-(ceil(5/2)) b0", "3x8x8", 9, 576},
        {"3x8x8", "conv1-(0-floor(0-5/2)) b0", "3x8x8", 9, 576},
        {"3x8x8", "conv1-(max(1,3,2)+min(4,1/2)-0.5) b0", "3x8x8", 9, 576},
        {"3x8x8", "(min(2,c))*conv1-3 b0", "3x8x8", 18, 1152},
        {"3x8x8", "f(n)=conv1-(n*2) b0\nf(1.5)", "3x8x8", 9, 576},
        /* ---- limits ---- */
        /* as many layers as there may be */
        {"1x1x1", "1000000*relu", "1x1x1", 0, 0},
        {"1x2147483648x1", "relu", "1x2147483648x1", 0, 0},
        /* the largest number */
        {"9223372036854775807x1x1", "id", "9223372036854775807x1x1", 0, 0},
        /* params 2^63 - 2 */
        {"1x1x1", "conv1-4611686018427387903", "4611686018427387903x1x1", 9223372036854775806,
         4611686018427387903},
    };
    int failed = 0;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        reading r = read_list(rows[i].input, rows[i].layers);
        char output[96] = "";
        if (!r.done) {
            EXPECT(failed, r.done, "%s %s: refused, %s", rows[i].input, rows[i].layers,
                   cnn_error_id(&r.err));
        } else {
            shape_name(output_of(&r.net), output, sizeof output);
            EXPECT(failed,
                   strcmp(output, rows[i].output) == 0 && r.net.totals.params == rows[i].params &&
                       r.net.totals.macs == rows[i].macs,
                   "%s %s: %s, %lld params, %lld MACs", rows[i].input, rows[i].layers, output,
                   (long long)r.net.totals.params, (long long)r.net.totals.macs);
            EXPECT(failed, r.net.layer_count > 10000 || round_trips(&r.net),
                   "%s %s: its canonical text reads otherwise", rows[i].input, rows[i].layers);
        }
        reading_free(&r);
    }
    assert_int_equal(failed, 0);
}

/* What has to be at the error's place stands between what comes before and behind it. */
static void expect_refusal(int *failed, const char *input, const char *before, const char *place,
                           const char *behind, const char *id)
{
    static char text[1 << 16];
    const int size = snprintf(text, sizeof text, "%s%s%s", before, place, behind);
    assert_true(size >= 0 && (size_t)size < sizeof text);
    reading r = read_list(input, text);
    const size_t begin = strlen(before), end = begin + strlen(place);
    EXPECT(*failed, !r.done, "%s: accepted, not %s", text, id);
    EXPECT(*failed, r.done || strcmp(cnn_error_id(&r.err), id) == 0, "%s: %s, not %s", text,
           cnn_error_id(&r.err), id);
    EXPECT(*failed, r.done || (r.err.span.begin == begin && r.err.span.end == end),
           "%s: %s at %u-%u, not %zu-%zu", text, id, r.err.span.begin, r.err.span.end, begin, end);
    reading_free(&r);
}

static void refused(void **state)
{
    (void)state;
    static const struct {
        const char *input, *before, *place, *behind, *id;
    } rows[] = {
        /* ---- text ---- */
        /* no UTF-8 begins with FF */
        {"", "relu,", "\xFF", "", "bad-utf8"},
        /* an overlong NUL */
        {"", "", "\xC0", "\x80", "bad-utf8"},
        /* a surrogate, even in a comment */
        {"", "# ", "\xED", "\xA0\x80", "bad-utf8"},
        /* a sequence cut off */
        {"", "relu", "\xC3", "", "bad-utf8"},
        {"", "conv3-64", "$", "", "unexpected-character"},
        {"", "conv3-64 ", "\xC3\xA9", "", "unexpected-character"},
        {"", "", "$", "conv3-64", "unexpected"},
        /* ---- breaks ---- */
        {"", "", "", "", "empty-list"},
        {"", "  \n# only a comment", "", "", "empty-list"},
        /* a definition is no layer */
        {"", "n=3", "", "", "empty-list"},
        {"", "input 32", "", "", "empty-list"},
        {"", "", ",", "relu", "item-missing"},
        {"", "relu,", ",", "relu", "item-missing"},
        {"", "relu,\n ", ",", "relu", "item-missing"},
        /* inside parentheses the last comma may not stay */
        {"", "(relu,", ")", "", "item-missing"},
        {"", "add(relu,", "|", "id)", "item-missing"},
        {"", "(", ",", "relu)", "item-missing"},
        {"", "conv3-64 ", "maxpool", "", "comma-missing"},
        {"", "relu ", "relu", "", "comma-missing"},
        {"", "(relu)", "relu", "", "comma-missing"},
        {"", "relu ", "3", "*relu", "comma-missing"},
        {"", "relu ", "(", "bn)", "comma-missing"},
        {"", "relu ", "@", "a", "no-label"},
        /* a definition's name */
        {"", "f=relu\nconv3-4 ", "f", "", "comma-missing"},
        {"", "add(relu|id)", "add", "(relu|id)", "comma-missing"},
        /* ---- the input ---- */
        {"", "input ", "foo", ",relu", "input-form"},
        {"", "input 3x", "y", ",relu", "input-form"},
        {"", "input ", "3x4x5", "x6,relu", "input-3d"},
        {"", "input 3d 3x4x5x6", "x7", ",relu", "input-form"},
        {"", "input 1d ", "100", ",relu", "input-channels"},
        {"", "input 3d ", "4x5x6", ",relu", "input-channels"},
        {"", "input a 3x4x4;", "input", " a 3x4x4;relu", "input-twice"},
        {"", "input a 3x4x4;input b 3x4x4;", "a", ":relu", "label-taken"},
        {"1d 4x100", "conv", "3", "x3-8", "numbers"},
        {"3d 1x8x8x8", "conv", "3x3", "-8", "numbers"},
        {"", "", "maxpool2 p1+2", "", "padding-too-large"},
        {"", "", "pixunshuf3", "", "sides-divide"},
        {"", "", "MaxPool2d", "(2)", "axes-in-word"},
        {"", "", "conv1d", "3-32", "axes-in-word"},
        {"", "relu,", "Upsample", "(2)", "torch-spelling"},
        {"", "", "attention", "-4", "foreign-word"},
        {"", "a: relu,reuse(", "b", ")", "unknown-label"},
        {"", "a: relu,", "reuse", "", "list-form"},
        {"", "", "frozen", "", "list-form"},
        {"", "", "frozen", ",relu", "list-form"},
        {"", "frozen", "()", "", "empty-group"},
        {"", "a: conv3-4,b: (relu,", "reuse(a)", ")", "shared-weights"},
        {"", "conv3-8 ", "bx", "", "unknown-attribute"},
        {"", "conv3-8 ", "a", "0", "unknown-attribute"},
        {"", "bn ", "b", "0", "unknown-attribute"},
        {"", "bn a", "2", "", "too-large"},
        {"", "conv3-8 ", "same=th", "", "unknown-attribute"},
        {"", "relu ", "same=tf", "", "unknown-attribute"},
        {"", "conv3-8 same ", "same", "=tf", "attribute-twice"},
        {"1d 3x9", "", "deformconv3-4", "", "needs-two-axes"},
        {"", "", "floor", "=3", "name-taken"},
        {"", "", "to8", "=3", "name-taken"},
        {"", "", "reuse", "=relu", "name-taken"},
        {"", "", "a1", "=2", "name-taken"},
        {"", "conv3-(", "2.5", ")", "inexact-division"},
        {"", "conv3-(1", "/", "3+1)", "inexact-division"},
        {"", "m=0.75\nconv3-(", "m", ")", "inexact-division"},
        {"", "conv3-(max(2", ")", ")", "unexpected"},
        {"", "conv3-(floor(2", ",", "3))", "unexpected"},
        {"", "conv3-(", "0.12345678901234567890", ")", "overflow"},
        {"", "", "LSTM", "-4", "foreign-word"},
        {"", "conv3-4 p1+", "x", "", "number-wanted"},
        {"", "input 32 ", "blue", ",relu", "input-form"},
        {"", "input ", "(", "32", "parenthesis-open"},
        {"", "input ", "0", ",relu", "too-small"},
        {"", "input 3x", "0", "x5,relu", "too-small"},
        {"", "input vector ", "0", ",FC-1", "too-small"},
        {"", "input ", "224x224x3", ",relu", "input-order"},
        {"", "input ", "16x16x3", ",relu", "input-order"},
        {"", "relu,", "input", " 32", "input-late"},
        {"", "relu\n", "input", "=32\nrelu", "input-late"},
        {"", "input ", "9223372036854775808", ",relu", "overflow"},
        /* more values than 64 bits count */
        {"", "input ", "4294967296x4294967296", ",relu", "overflow"},
        /* ---- words and layers ---- */
        {"", "conv3-64,", "cnov", "3-64", "unknown-layer"},
        {"", "", "foo", "", "unknown-layer"},
        /* FC-n is FC, fcn is no word */
        {"", "relu,", "fcn", "-10", "unknown-layer"},
        /* a layer starts with its name */
        {"", "", "3x3", "-64", "size-first"},
        {"", "3xconv3-4,", "3x3", "conv-4", "size-first"},
        {"", "", "5", "", "size-first"},
        {"", "", "conv-64", "", "size-missing"},
        {"", "", "conv3", "", "channels-missing"},
        {"", "", "FC", "", "channels-missing"},
        {"", "", "se", "", "channels-missing"},
        {"", "", "resize", "", "size-missing"},
        {"", "", "upsample", "", "size-missing"},
        {"", "", "shuffle", "", "size-missing"},
        {"", "", "chpad", "", "channels-missing"},
        {"", "bn", "3", "", "no-size"},
        {"", "FC", "3", "-64", "no-size"},
        {"", "relu", "3", "", "no-size"},
        {"", "gap", "2", "", "no-size"},
        {"", "maxpool2", "-", "64", "no-channels"},
        {"", "relu", "-", "3", "no-channels"},
        {"", "conv", "@", "a-3", "no-label"},
        {"", "relu ", "s", "2", "unknown-attribute"},
        {"", "conv3-64 ", "q", "2", "unknown-attribute"},
        /* its groups are its channels */
        {"", "dwconv3 ", "g", "2", "unknown-attribute"},
        {"", "conv3-64 ", "ceil", "", "unknown-attribute"},
        {"", "conv3-64 ", "op", "1", "unknown-attribute"},
        {"", "maxpool2 ", "b", "0", "unknown-attribute"},
        {"", "conv3-64 ", "s", "", "attribute-number"},
        {"", "conv3-64 ", "pad", ",relu", "attribute-number"},
        {"", "conv3-64", "/", "", "attribute-number"},
        {"", "conv3-64 s2 ", "s", "2", "attribute-twice"},
        {"", "conv3-64/2 ", "stride", "2", "attribute-twice"},
        {"", "conv3-64 p1 ", "padding", "1", "attribute-twice"},
        {"", "conv3-64 same ", "same", "", "attribute-twice"},
        {"", "", "conv3-64 same p1", "", "attribute-conflict"},
        {"", "", "maxpool2 p1 valid", "", "attribute-conflict"},
        {"", "", "conv3-64 valid same", "", "attribute-conflict"},
        {"", "conv", "3x3", "x3-64", "numbers"},
        {"", "conv3-64 s", "1x1", "x1", "numbers"},
        {"", "conv3-64 g", "2", "x2", "numbers"},
        {"", "conv3-64 b", "1", "x1", "numbers"},
        {"", "gn", "3", "x2", "numbers"},
        {"vector20", "reshape ", "20", "", "reshape-form"},
        {"vector20", "permute ", "1", "", "reshape-form"},
        {"3x4x5", "", "permute2x1", "", "permute"},
        {"3x4x5", "", "permute1x2x4", "", "permute"},
        {"3x4x5", "", "permute1x2x2", "", "permute"},
        {"3x4x5", "", "chcrop1+2", "", "empty-output"},
        {"3x4x5", "", "ln4", "", "last-axes"},
        {"3x4x5", "", "ln2 all", "", "attribute-conflict"},
        {"3x4x5", "", "prelu3 all", "", "attribute-conflict"},
        {"", "conv", "0", "-4", "too-small"},
        {"", "conv3-", "0", "", "too-small"},
        {"", "conv3-4 s", "0", "", "too-small"},
        {"", "conv3-4 d", "0", "", "too-small"},
        {"", "conv3-4 g", "0", "", "too-small"},
        {"", "FC-", "0", "", "too-small"},
        {"", "maxpool", "0", "", "too-small"},
        {"", "resize", "0", "", "too-small"},
        {"", "upsample2x", "0", "", "too-small"},
        {"", "shuffle", "0", "", "too-small"},
        {"", "gn", "0", "", "too-small"},
        {"", "LRN", "0", "", "too-small"},
        {"", "conv3-4 b", "2", "", "too-large"},
        {"", "dropout", "1.5", "", "probability"},
        {"", "dropout", "2", "", "probability"},
        {"", "droppath", "(1+1)", "", "probability"},
        {"", "dropout", ".5", "", "number-wanted"},
        {"", "dropout", "0.", "", "number-wanted"},
        {"", "conv3-64 p", "-", "1", "number-wanted"},
        {"", "conv3-", "-", "64", "number-wanted"},
        {"", "conv3-", "", "", "number-wanted"},
        {"", "conv3-", "9223372036854775808", "", "overflow"},
        {"", "conv3-", "99999999999999999999999999999999", "", "overflow"},
        /* ---- sizes that do not fit ---- */
        {"3x5x5", "", "conv7-8 p0", "", "kernel-too-large"},
        {"3x9x5", "", "conv7-8 p0", "", "kernel-too-large"},
        {"3x6x6", "", "conv3-8 d3 p0", "", "kernel-too-large"},
        {"3x2x2", "", "maxpool3", "", "kernel-too-large"},
        /* it may stick out by less than a stride: 5 - 3 = 2 */
        {"3x3x3", "", "maxpool5 s2 ceil", "", "kernel-too-large"},
        {"", "", "maxpool3 p2", "", "padding-too-large"},
        /* not half the extent */
        {"", "", "maxpool3 d3 p2", "", "padding-too-large"},
        {"", "", "avgpool2x4 p1x3", "", "padding-too-large"},
        {"", "", "maxpool1 p1", "", "padding-too-large"},
        {"3x8x8", "", "conv3-8 g2", "", "groups-input"},
        {"4x8x8", "", "conv3-9 g2", "", "groups-output"},
        {"4x8x8", "", "deconv3-8 g3", "", "groups-input"},
        {"4x8x8", "", "dwconv3-6", "", "not-a-multiple"},
        {"4x8x8", "", "dwconv3-2", "", "not-a-multiple"},
        {"", "", "deconv3-8 s2 op1", "", "extra-same"},
        {"", "", "deconv3-8 s2 same op0x1", "", "extra-same"},
        {"", "", "deconv3-8 s2 p1 op2", "", "extra-too-large"},
        {"", "", "deconv3-8 p1 op1", "", "extra-too-large"},
        /* (1-1)*1 - 2 + 2 = 0 */
        {"3x1x1", "", "deconv2-8 p1", "", "empty-output"},
        {"", "FC-10,", "conv3-8", "", "needs-map"},
        {"", "flatten,", "maxpool", "", "needs-map"},
        {"", "flatten,", "gap", "", "needs-map"},
        {"", "flatten,", "upsample2", "", "needs-map"},
        {"vector16", "", "pixshuf2", "", "needs-map"},
        {"vector16", "", "pad1", "", "needs-map"},
        {"vector16", "", "aap", "", "needs-map"},
        {"3x4x5", "", "reshape 3x4x6", "", "reshape"},
        {"3x4x5", "", "crop5", "", "crop"},
        {"3x4x5", "", "chpad-2", "", "fewer-channels"},
        {"3x4x5", "", "shuffle2", "", "channels-divide"},
        {"6x4x5", "", "pixshuf2", "", "channels-divide"},
        /* 32 groups */
        {"6x4x5", "", "gn", "", "channels-divide"},
        {"6x4x5", "", "gn4", "", "channels-divide"},
        {"6x4x5", "", "prelu2", "", "prelu"},
        {"1x65536x65536", "", "FC-4294967296", "", "overflow"},
        {"", "", "upsample4294967296", "", "overflow"},
        {"", "", "conv3-8 p4611686018427387904", "", "overflow"},
        {"", "", "conv4294967296-4294967296", "", "overflow"},
        {"", "", "maxpool2 d9223372036854775807", "", "overflow"},
        {"", "", "deconv9223372036854775807-1 s9223372036854775807 p0", "", "overflow"},
        /* with its biases the sum is 2^64 - 2 */
        {"1x1x1", "", "conv1-9223372036854775807", "", "overflow"},
        /* 2^62 MACs, but 2^63 FLOPs */
        {"1x1x1", "", "conv1-4611686018427387904 b0", "", "overflow"},
        /* the sum of two layers */
        {"vector2000000000", "flatten,FC-2000000000,", "FC-2000000000", ",id", "overflow"},
        /* ---- repeats and groups ---- */
        {"", "3", "*", "", "count-item"},
        {"", "3", "x", ",relu", "count-item"},
        {"", "(2)", "*", "", "count-item"},
        {"", "", "(1-2)", "*relu", "negative-count"},
        {"", "relu,", "()", "", "empty-group"},
        {"", "add", "( |", "id)", "empty-group"},
        {"", "add(id", "|)", "", "empty-group"},
        {"", "", "(", "relu", "parenthesis-open"},
        {"", "add", "(", "relu|id", "parenthesis-open"},
        {"", "relu", ")", "", "parenthesis-close"},
        {"", "relu", "|", "id", "bar-outside"},
        {"", "(relu", "|", "id)", "bar-outside"},
        {"", "(", "x", ")*relu", "unknown-number"},
        {"", "n=3\n", "n", "", "holds-number"},
        {"", "(", "*", ")*relu", "number-wanted"},
        {"", "", "1000001", "*relu", "too-many-layers"},
        /* also what stands in the values of calls */
        {"", "f(x)=x,x; ", "1000000", "*f(id)", "too-many-layers"},
        {"", "f(x)=x; ", "1000001", "*f(id)", "too-many-layers"},
        {"", "f(x)=", "2000000", "*x; f(id)", "too-many-layers"},
        {"", "f(x)=x; f(", "2000000", "*id)", "too-many-layers"},
        {"", "f(x)=", "2", "*x; f(600000*id)", "too-many-layers"},
        {"", "", "2", "*(600000*id)", "too-many-layers"},
        {"", "f=600000*id;", "2", "*f", "too-many-layers"},
        {"", "", "1000000", "*se-2", "too-many-layers"},
        {"", "", "999999999", "*(relu)", "too-many-layers"},
        {"", "", "999", "*(9999*(relu))", "too-many-layers"},
        /* ---- expressions ---- */
        {"", "conv3-(7", "/", "2)", "inexact-division"},
        {"", "conv3-(7", "/", "0)", "inexact-division"},
        {"", "conv3-(c", "/", "2)", "inexact-division"},
        {"", "conv3-(9223372036854775807", "*", "2)", "overflow"},
        {"", "conv3-(9223372036854775807", "+", "1)", "overflow"},
        {"", "conv3-(0-9223372036854775807", "-", "2)", "overflow"},
        {"", "conv3-", "(1-1)", "", "too-small"},
        {"", "conv3-4 s", "(2-3)", "", "too-small"},
        {"", "conv3-(", ")", "", "number-wanted"},
        {"", "conv3-(3+", ")", "", "number-wanted"},
        {"", "conv3-(3-", "-", "2)", "number-wanted"},
        {"", "conv3-", "(", "3", "parenthesis-open"},
        {"", "conv3-(2*", "q", ")", "unknown-number"},
        {"", "conv3-", "n", "", "unknown-number"},
        {"", "n=8\nconv1-n", "/", "2", "ambiguous-slash"},
        {"", "conv1-c", "/", "2", "ambiguous-slash"},
        /* the name reads on */
        {"", "n=8\nconv3-", "ns2", "", "unknown-number"},
        {"", "conv3-", "?", "", "unknown-value"},
        /* ---- definitions ---- */
        {"", "", "conv", "=relu\nrelu", "name-taken"},
        {"", "", "conv3", "(n)=relu\nrelu", "name-taken"},
        {"", "", "conv3x3", "=relu\nrelu", "name-taken"},
        {"", "", "c", "=3\nrelu", "name-taken"},
        {"", "", "H", "=3\nrelu", "name-taken"},
        {"", "", "s2", "=3\nrelu", "name-taken"},
        {"", "", "p1", "=3\nrelu", "name-taken"},
        {"", "", "b0", "=3\nrelu", "name-taken"},
        {"", "", "same", "=3\nrelu", "name-taken"},
        {"", "", "s2p1", "=3\nrelu", "name-taken"},
        {"", "", "add", "=3\nrelu", "name-taken"},
        {"", "", "relu6", "=3\nrelu", "name-taken"},
        {"", "f(", "w", ")=relu\nrelu", "name-taken"},
        {"", "f(", "conv", ")=relu\nrelu", "name-taken"},
        {"", "f(", "p2", ")=relu\nrelu", "name-taken"},
        {"", "f(", "input", ")=relu\nrelu", "name-taken"},
        /* b and B clash */
        {"", "b=3\n", "B", "=4\nrelu", "defined-twice"},
        {"", "f(a,", "A", ")=relu\nrelu", "defined-twice"},
        {"", "", "f", "\nf=relu", "defined-later"},
        {"", "g=", "f", "\nf=relu\ng", "defined-later"},
        {"", "f=relu,", "f", "\nf", "recursion"},
        {"", "relu,(", "f", "=relu)", "definition-inside"},
        {"", "f(a=1,", "b", ")=relu\nrelu", "defaults-last"},
        {"", "", "f", "=\n", "body-missing"},
        {"", "", "f", "=;relu", "body-missing"},
        {"", "f=relu", ",", "", "item-missing"},
        {"", "n=3", ",", "relu", "number-line"},
        {"", "f(a)=relu ", "relu", "", "comma-missing"},
        {"", "f(a)=conv3-a\n", "f", "", "argument-missing"},
        {"", "f(a,b)=conv3-a\n", "f(1)", "", "argument-missing"},
        /* even where nothing comes of it */
        {"", "f(a,b)=conv3-a\n0*", "f(1)", "", "argument-missing"},
        {"", "f(a)=conv3-a\nf(1,", "2", ")", "argument-surplus"},
        {"", "f=relu\nf(", "1", ")", "argument-surplus"},
        {"", "f(a)=conv3-a\nf(", "bb", "=1)", "argument-name"},
        {"", "f(a,b=1)=conv3-a\nf(1,a=", "2", ")", "argument-twice"},
        {"", "f(a)=conv3-a\nf(a=1,a=", "2", ")", "argument-twice"},
        {"", "f(a,b)=conv3-a\nf(a=1,", "2", ")", "argument-order"},
        {"", "f(a)=conv3-(", "a", ")\nf(relu)", "holds-layer"},
        {"", "f(a)=conv3-", "a", "\nf(relu)", "holds-layer"},
        {"", "f(a)=", "a", "*relu\nf(relu)", "holds-layer"},
        {"", "f(a)=", "a", "\nf(3)", "holds-number"},
        /* a parameter lives in its body */
        {"", "f(a)=relu\nconv3-4,", "a", "", "unknown-layer"},
        {"", "f=relu\nf", "(", "", "parenthesis-open"},
        {"", "f(x)=x\nf(relu ", "bn", ")", "comma-missing"},
        {"", "f(", "3", ")=relu\nf(1)", "unexpected"},
        /* ---- labels and taps ---- */
        {"", "cat(", "@nix", "|id)", "unknown-label"},
        {"", "", "resize@nix", "", "unknown-label"},
        /* labels name what stands before */
        {"", "cat(", "@a", "|id),a:relu", "unknown-label"},
        /* a body does not see them */
        {"", "a:relu\nf=cat(", "@a", "|id)\nf", "unknown-label"},
        /* nor lets its own out */
        {"", "f=a:relu\nf,cat(", "@a", "|id)", "unknown-label"},
        {"", "relu,", "input", ":relu", "label-taken"},
        {"", "cat(", "@", "|id)", "label-missing"},
        {"", "crop", "@", "", "label-missing"},
        /* it would drop the path */
        {"", "a:relu,", "@a", "", "tap-place"},
        {"", "", "@input", "", "tap-place"},
        {"", "cat(relu,", "@input", "|id)", "tap-place"},
        {"", "a:conv3-4,conv3-5,(", "@a", ",relu)", "tap-place"},
        {"", "f(x)=conv3-8,x\na:relu,cat(f(", "@a", ")|id)", "tap-place"},
        /* not in a repeat */
        {"", "a:relu,cat(1*", "@a", "|id)", "tap-place"},
        {"", "a:flatten\ncat(@input,", "resize@a", "|id)", "needs-map"},
        {"3x8x8", "a:relu,maxpool,", "crop@a", "", "crop"},
        /* ---- joins ---- */
        {"3x8x8", "", "add(conv3-8|id)", "", "add-shapes"},
        /* add does not stretch */
        {"3x8x8", "", "add(gap|id)", "", "add-shapes"},
        {"3x1x1", "", "add(flatten|id)", "", "add-shapes"},
        {"3x8x8", "", "mul(conv3-8|id)", "", "mul-shapes"},
        {"3x8x8", "", "mul(maxpool|id)", "", "mul-shapes"},
        {"3x8x8", "", "cat(maxpool|id)", "", "cat-shapes"},
        {"3x8x8", "", "cat(flatten|id)", "", "cat-shapes"},
        {"4x8x8", "", "split(maxpool|id)", "", "cat-shapes"},
        {"3x8x8", "split(", "id", "|conv3-8)", "split"},
        {"", "", "add", "", "branches"},
        {"", "", "cat(relu)", "", "branches"},
        {"", "", "split(relu)", "", "branches"},
        {"", "", "aux(relu|id)", "", "one-list"},
        {"", "", "aux", "", "one-list"},
        {"", "aux", "()", "", "empty-group"},
        {"3x8x8", "add(", "conv9-3 p0", "|id)", "kernel-too-large"},
    };
    int failed = 0;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        expect_refusal(&failed, rows[i].input, rows[i].before, rows[i].place, rows[i].behind,
                       rows[i].id);
    }
    assert_int_equal(failed, 0);
}

/* 200 levels, and not one more, of everything that nests. */
static void nesting(void **state)
{
    (void)state;
    static const struct {
        const char *open, *place, *core, *close;
    } rows[] = {
        {"(", "(", "relu", ")"},
        {"1*", "1", "*relu", ""},
        {"a:", "a", ":relu", ""},
        {"add(", "(", "relu|id)", "|id)"},
    };
    int failed = 0;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        char before[2048] = "", behind[2048] = "";
        for (int level = 0; level < 200; level++) {
            strcat(before, rows[i].open);
            strcat(behind, rows[i].close);
        }
        char whole[8192];
        snprintf(whole, sizeof whole, "%srelu%s", before, behind);
        reading r = read_list("3x4x4", whole);
        EXPECT(failed, r.done, "200 times %s: %s", rows[i].open, cnn_error_id(&r.err));
        reading_free(&r);
    }
    assert_int_equal(failed, 0);
}

static void a_nul_byte_is_refused(void **state)
{
    (void)state;
    static const char text[] = "relu,\0relu";
    reading r = read_text_list(NULL, (cnn_text){text, sizeof text - 1});
    assert_string_equal(cnn_error_id(&r.err), "nul-byte");
    assert_int_equal(r.err.span.begin, 5);
    assert_int_equal(r.err.span.end, 6);
    reading_free(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accepted),
        cmocka_unit_test(refused),
        cmocka_unit_test(nesting),
        cmocka_unit_test(a_nul_byte_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
