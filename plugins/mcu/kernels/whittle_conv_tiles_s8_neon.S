/*
 * Four pixels by four channels: 16 accumulators, whose lanes are partial sums of one output. Of 16 bytes of a pixel and a
 * channel the products of the first 8, and of the last 8 on top of them, fit 16 bits; SADALP adds these in pairs.
 *
 *   v0-v3    16 bytes of the four pixels; later the output stage
 *   v4-v7    weights of four channels       v8-v15   products
 *   v16-v31  sums: pixel p and channel c in v(16 + 4p + c)
 *   x6-x9    pixels                         x2   stream             x14  bytes of 16 inputs' weights, 16 * channels
 *   x15      offset into a pixel            x3   output             w4   count
 *   x16, w17 offsets of runs left           w1   steps left         w5   channels left
 *   x10      constants of the block         w11  steps of a run     x12  output channels     x13  channels of the block
 */

/* Sums of pixel `x` with the four channels, two channels at a time; `add` is SADALP, or SADDLP where a sum begins. */
.macro multiply add, x, s0, s1, s2, s3, p, q
  smull v\p\().8h, v4.8b, v\x\().8b
  smull v\q\().8h, v5.8b, v\x\().8b
  smlal2 v\p\().8h, v4.16b, v\x\().16b
  smlal2 v\q\().8h, v5.16b, v\x\().16b
  \add v\s0\().4s, v\p\().8h
  \add v\s1\().4s, v\q\().8h
  smull v\p\().8h, v6.8b, v\x\().8b
  smull v\q\().8h, v7.8b, v\x\().8b
  smlal2 v\p\().8h, v6.16b, v\x\().16b
  smlal2 v\q\().8h, v7.16b, v\x\().16b
  \add v\s2\().4s, v\p\().8h
  \add v\s3\().4s, v\q\().8h
.endm

/* The next 16 bytes of all pixels and channels. */
.macro slice add
  ldr q0, [x6, x15]
  ldr q1, [x7, x15]
  ld1 {v4.16b, v5.16b, v6.16b, v7.16b}, [x2], x14
  ldr q2, [x8, x15]
  ldr q3, [x9, x15]
  multiply \add, 0, 16, 17, 18, 19, 8, 9
  multiply \add, 1, 20, 21, 22, 23, 10, 11
  add x15, x15, #16
  multiply \add, 2, 24, 25, 26, 27, 12, 13
  multiply \add, 3, 28, 29, 30, 31, 14, 15
.endm

/* The same with the 8 bytes that a run ends with. */
.macro multiply_half x, s0, s1, s2, s3, p, q
  smull v\p\().8h, v4.8b, v\x\().8b
  smull v\q\().8h, v5.8b, v\x\().8b
  sadalp v\s0\().4s, v\p\().8h
  sadalp v\s1\().4s, v\q\().8h
  smull v\p\().8h, v6.8b, v\x\().8b
  smull v\q\().8h, v7.8b, v\x\().8b
  sadalp v\s2\().4s, v\p\().8h
  sadalp v\s3\().4s, v\q\().8h
.endm

/* Four outputs of a pixel in `a`. Unless `floor`, the sign turns halves up into halves away from 0. */
.macro scale a, b, c, d, floor
  addp v\a\().4s, v\a\().4s, v\b\().4s
  addp v\c\().4s, v\c\().4s, v\d\().4s
  addp v\a\().4s, v\a\().4s, v\c\().4s
  add v\a\().4s, v\a\().4s, v0.4s
  sqrdmulh v\a\().4s, v\a\().4s, v1.4s
  .if \floor == 0
  ssra v\a\().4s, v\a\().4s, #31
  .endif
  srshl v\a\().4s, v\a\().4s, v2.4s
.endm

.macro scale_pixels floor
  scale 16, 17, 18, 19, \floor
  scale 20, 21, 22, 23, \floor
  scale 24, 25, 26, 27, \floor
  scale 28, 29, 30, 31, \floor
  sqxtn v16.4h, v16.4s
  sqxtn v24.4h, v24.4s
  sqxtn2 v16.8h, v20.4s
  sqxtn2 v24.8h, v28.4s
.endm

/* Room on the stack for outputs, above callee-saved registers. */
  .set OUTPUTS, 64

  .section .text.whittle_conv_tiles_s8_neon, "ax", %progbits
  .align 2
  .global whittle_conv_tiles_s8_neon
  .type whittle_conv_tiles_s8_neon, %function
whittle_conv_tiles_s8_neon:
  stp d8, d9, [sp, #-80]!
  stp d10, d11, [sp, #16]
  stp d12, d13, [sp, #32]
  stp d14, d15, [sp, #48]
  ldp x6, x7, [x1]
  ldp x8, x9, [x1, #16]
  ldr w11, [x0, #12]
  ldr w5, [x0, #16]
  mov w12, w5

.Lblock:
  mov w13, #4
  cmp w5, #4
  csel w13, w5, w13, lo
  mov x10, x2
  add x2, x2, x13, lsl #3
  add x2, x2, x13
  lsl x14, x13, #4
  ldr x16, [x0]
  ldr w17, [x0, #8]
  ldrsw x15, [x16], #4
  subs w1, w11, #2
  b.hs .Lfirst
  .irp sum, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
  movi v\sum\().4s, #0
  .endr
  b .Lhalf
.Lfirst:
  slice saddlp
  subs w1, w1, #2
  b.hs .Lslice
  b .Lhalf

.Lrun:
  ldrsw x15, [x16], #4
  subs w1, w11, #2
  b.lo .Lhalf
.Lslice:
  slice sadalp
  subs w1, w1, #2
  b.hs .Lslice
.Lhalf:
  tbz w1, #0, .Lrun_end
  ldr d0, [x6, x15]
  ldr d1, [x7, x15]
  ld1 {v4.8b, v5.8b, v6.8b, v7.8b}, [x2]
  add x2, x2, x14, lsr #1
  ldr d2, [x8, x15]
  ldr d3, [x9, x15]
  multiply_half 0, 16, 17, 18, 19, 8, 9
  multiply_half 1, 20, 21, 22, 23, 10, 11
  multiply_half 2, 24, 25, 26, 27, 12, 13
  multiply_half 3, 28, 29, 30, 31, 14, 15
.Lrun_end:
  subs w17, w17, #1
  b.ne .Lrun

  ldr q0, [x10]
  add x10, x10, x13, lsl #2
  ldr q1, [x10]
  ldr s2, [x10, x13, lsl #2]
  sshll v2.8h, v2.8b, #0
  sshll v2.4s, v2.4h, #0
  ldp w15, w16, [x0, #20]
  ldr w17, [x0, #28]
  mov w1, #127
  cmn w15, #128
  ccmp w15, w16, #0, eq
  ccmp w17, w1, #0, eq
  b.ne .Lclamp
  /* What is below a zero point of -128 ends there, however it was rounded. */
  movi v3.16b, #128
  scale_pixels 1
  sqxtun v16.8b, v16.8h
  sqxtun2 v16.16b, v24.8h
  eor v16.16b, v16.16b, v3.16b
  b .Lstore
.Lclamp:
  dup v3.8h, w15
  dup v4.16b, w16
  dup v5.16b, w17
  scale_pixels 0
  sqadd v16.8h, v16.8h, v3.8h
  sqadd v24.8h, v24.8h, v3.8h
  sqxtn v16.8b, v16.8h
  sqxtn2 v16.16b, v24.8h
  smax v16.16b, v16.16b, v4.16b
  smin v16.16b, v16.16b, v5.16b
.Lstore:
  cmp w4, #4
  ccmp w5, #4, #0, eq
  b.lo .Lcareful
  mov x15, x3
  st1 {v16.s}[0], [x15], x12
  st1 {v16.s}[1], [x15], x12
  st1 {v16.s}[2], [x15], x12
  st1 {v16.s}[3], [x15]
.Lstored:
  add x3, x3, #4
  subs w5, w5, #4
  b.hi .Lblock

  ldp d14, d15, [sp, #48]
  ldp d12, d13, [sp, #32]
  ldp d10, d11, [sp, #16]
  ldp d8, d9, [sp], #80
  ret

/* Fewer pixels or channels: by way of the stack. */
.Lcareful:
  str q16, [sp, #OUTPUTS]
  add x15, sp, #OUTPUTS
  mov x16, x3
  mov w17, w4
.Lpixel:
  mov x1, x13
.Lbyte:
  sub x1, x1, #1
  ldrb w10, [x15, x1]
  strb w10, [x16, x1]
  cbnz x1, .Lbyte
  add x15, x15, #4
  add x16, x16, x12
  subs w17, w17, #1
  b.ne .Lpixel
  b .Lstored
  .size whittle_conv_tiles_s8_neon, . - whittle_conv_tiles_s8_neon
  .section .note.GNU-stack, "", %progbits
